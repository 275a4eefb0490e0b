/** Builds of the index: from scratch, with nothing changed, with one entry changed. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { openEncoder } from '../../src/encoder/encoder.ts';
import { readGlossary } from '../../src/glossary/read.ts';
import type { Glossary } from '../../src/glossary/schema.ts';
import { type BuildResult, buildIndex } from '../../src/indexing/build.ts';
import type { Manifest } from '../../src/indexing/manifest.ts';
import { embeddedText, makePassages } from '../../src/passages/passages.ts';
import { showProgress } from '../../src/terminal.ts';
import { formatMemory, megabytes, memoryOf, number, table, times } from './report.ts';
import { withTemporaryFolder } from './temporary.ts';

/** Passages that the encoder embeds alone, for comparison. */
const SAMPLE = 500;
const WARM_UP = 50;
/** As `buildIndex` has it. */
const WORKERS = 2;

interface Build extends BuildResult {
  seconds: number;
}

interface Measured extends Record<'whole' | 'nothing' | 'one', Build> {
  /** Passages a second that the encoder alone embeds, before and after the build from scratch. */
  before: number;
  after: number;
  /** The entry that was changed. */
  slug: string;
}

export async function benchmarkBuild(): Promise<string> {
  const { CONTENT, ENCODER: encoder } = readConfig();
  return withTemporaryFolder(async (folder) => {
    const content = join(folder, 'content');
    const changed = join(folder, 'changed');
    const indexDir = join(folder, 'index');
    await cp(CONTENT, content, { recursive: true });
    await cp(CONTENT, changed, { recursive: true });
    const build = async (from: string): Promise<Build> => {
      const progress = showProgress();
      const started = performance.now();
      const options = { content: from, indexDir, encoder, workers: WORKERS, onProgress: progress.update };
      const result = await buildIndex(options).finally(progress.stop);
      return { ...result, seconds: (performance.now() - started) / 1000 };
    };
    const glossary = await readGlossary(content);
    const slug = await changeEntry(changed, glossary);
    const before = await bareRate(encoder, glossary);
    const whole = await build(content);
    const memory = memoryOf(process.pid);
    const after = await bareRate(encoder, glossary);
    const nothing = await build(content);
    const one = await build(changed);
    return report({ before, after, whole, nothing, one, slug }, formatMemory(memory));
  });
}

function report({ before, after, whole, nothing, one, slug }: Measured, memory: string): string {
  const { counts, version, files } = whole.manifest;
  const bare = (before + after) / 2;
  const row = (name: string, { seconds, status, embedded }: Build) => [
    name,
    status,
    number(seconds),
    times(seconds / whole.seconds),
    String(embedded),
    embedded > 0 ? number(embedded / seconds) : '–',
    embedded > 0 ? times(embedded / seconds / bare) : '–',
  ];
  return [
    `${counts.entries} entries, ${counts.passages} passages, ${counts.tokens} tokens (index ${version}), ${WORKERS} workers. ` +
      `The bare encoder, with as many workers, embedded ${number(before)} passages a second before the build from scratch and ${number(after)} after it ` +
      `(at most ${SAMPLE} of the same passages); the ratios are to the mean of the two.`,
    table(
      ['build', 'status', 's', '÷ from scratch', 'embedded', 'embedded/s', '÷ bare encoder'],
      [
        row('from scratch (baseline)', whole),
        row('nothing changed', nothing),
        row(`one entry changed (${slug}, in all its languages)`, one),
      ],
    ),
    formatFiles(files),
    `This process after the build from scratch: ${memory}.`,
  ].join('\n\n');
}

function formatFiles(files: Manifest['files']): string {
  const sizes = Object.entries(files).toSorted(([, a], [, b]) => b.bytes - a.bytes);
  const total = sizes.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const row = (name: string, bytes: number) => [
    name,
    megabytes(bytes),
    `${((100 * bytes) / total).toFixed(1)} %`,
  ];
  return table(
    ['file', 'MB', 'of the index'],
    [...sizes.map(([name, { bytes }]) => row(name, bytes)), row('**total**', total)],
  );
}

/** Passages a second that the encoder alone embeds. */
async function bareRate(model: string, glossary: Glossary): Promise<number> {
  const encoder = await openEncoder(model, { workers: WORKERS });
  try {
    const passages = await makePassages(glossary, encoder.countTokens);
    const entries = new Map(glossary.entries.map((entry) => [entry.slug, entry]));
    const count = Math.min(SAMPLE, passages.length);
    const texts = Array.from({ length: count }, (_, at) => {
      const passage = passages[Math.floor((at * passages.length) / count)]!;
      return embeddedText(passage, entries.get(passage.slug)!.translations[passage.language]!);
    });
    await Promise.all(texts.slice(0, WARM_UP).map((text) => encoder.encodePassage(text)));
    const started = performance.now();
    await Promise.all(texts.map((text) => encoder.encodePassage(text)));
    return (1000 * count) / (performance.now() - started);
  } finally {
    await encoder.close();
  }
}

/** Adds a sentence to the definition of an entry from the middle, in each of its languages. */
async function changeEntry(content: string, { entries }: Glossary): Promise<string> {
  const { slug, translations } = entries[Math.floor(entries.length / 2)]!;
  for (const language of Object.keys(translations)) {
    const path = join(content, language, `${slug}.md`);
    const text = await readFile(path, 'utf8');
    const changed = text.replace(/^(---\r?\n[\s\S]*?\n---\s+\S.*)/, '$1 The benchmark has added this.');
    if (changed === text) throw new Error(`no definition was found in ${path}`);
    await writeFile(path, changed);
  }
  await readGlossary(content);
  return slug;
}
