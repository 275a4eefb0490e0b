import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it, vi } from 'vitest';
import { fingerprintOfModel } from '../encoder/encoder.ts';
import { temporaryCopy, temporaryFolder } from '../testing/temporary.ts';
import { buildIndex } from './build.ts';
import { FILES, FORMAT } from './manifest.ts';
import { openIndex } from './open.ts';
import { currentFolder, verifyFolder } from './storage.ts';
import { loadHnswlib, openExact } from './vectors.ts';

const { content, indexDir, encoder } = inject('fixture');
const fingerprint = await fingerprintOfModel(encoder);
/** Where it could not be compiled, the exact scan is all there is to test. */
const hasHnswlib = (await loadHnswlib()) !== undefined;
const copyIndex = () => temporaryCopy(indexDir);
const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));

/** A small generator with a seed, so that a failing damage can be repeated. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe('an index', () => {
  it('holds what was built', async () => {
    const index = await openIndex(indexDir, fingerprint);
    expect(index.manifest.counts).toMatchObject({ entries: 15, passages: index.passages.length });
    expect(index.tokens.offsets.at(-1)).toBe(index.manifest.counts.tokens);
    expect(index.tokens.values).toHaveLength(index.manifest.counts.tokens * index.tokens.dimensions);
    expect(index.entry('bert')?.translations.pt?.title).toBe('BERT');
    const passages = index.passagesOf('bert').map((at) => index.passages[at]!);
    expect(passages.length).toBeGreaterThan(15);
    expect(new Set(passages.map(({ slug }) => slug))).toEqual(new Set(['bert']));
    expect(index.keywords.search('masked words', 3, ['en'])[0]?.slug).toBe('masked-language-modeling');
  });

  it('has a few vectors for the further ways of asking for an entry, and their words', async () => {
    const index = await openIndex(indexDir, fingerprint);
    const asked = index
      .passagesOf('kv-cache')
      .map((at) => index.passages[at]!)
      .filter(({ kind }) => kind === 'asked');
    expect(asked).toHaveLength(8);
    expect(asked.every(({ tokens }) => tokens === 0)).toBe(true);
    expect(index.entry('kv-cache')!.translations.en!.asked, 'they are not for showing').toEqual([]);
    const written = await readFile(join(content, 'en/questions.tsv'), 'utf8');
    const [, question] = written.match(/^kv-cache\t(.*)$/m)!;
    expect(index.keywords.search(question!, 1, ['en'])[0]?.slug).toBe('kv-cache');
  });

  it('forgives typing errors in words that no entry has', async () => {
    const { keywords } = await openIndex(indexDir, fingerprint);
    expect(keywords.search('halucinnation', 1, ['en'])[0]?.slug).toBe('hallucination');
    expect(keywords.search('xyzzyq', 1, ['en'])).toEqual([]);
  });

  it.runIf(hasHnswlib)('finds by its graph what an exact scan finds', async () => {
    const { vectors, passages, manifest } = await openIndex(indexDir, fingerprint);
    expect(vectors.kind).toBe('hnsw');
    const { dimensions } = manifest.encoder;
    const rows = new Float32Array(passages.length * dimensions);
    passages.forEach((_, at) => {
      rows.set(vectors.vectorOf(at), at * dimensions);
    });
    const exact = openExact(rows, dimensions);
    let found = 0;
    for (let at = 0; at < passages.length; at += 10) {
      const expected = new Set(exact.nearest(vectors.vectorOf(at), 20).map(({ passage }) => passage));
      const nearest = vectors.nearest(vectors.vectorOf(at), 20);
      expect(nearest[0]!.similarity).toBeCloseTo(1, 3);
      found += nearest.filter(({ passage }) => expected.has(passage)).length / 20;
    }
    expect(found / Math.ceil(passages.length / 10)).toBeGreaterThan(0.98);
    const accepted = vectors.nearest(vectors.vectorOf(0), 5, (passage) => passage % 2 === 1);
    expect(accepted.every(({ passage }) => passage % 2 === 1)).toBe(true);
  });

  it('refuses a query vector that the native library would answer with nonsense', async () => {
    const { vectors } = await openIndex(indexDir, fingerprint);
    const broken = new Float32Array(384).fill(Number.NaN);
    expect(() => vectors.nearest(broken, 5)).toThrow(RangeError);
    expect(() => vectors.nearest(new Float32Array(383).fill(0.05), 5)).toThrow(RangeError);
  });

  it('is refused, with what to do, when it is missing, of another encoder, or of another format', async () => {
    await expect(openIndex(await temporaryFolder(), fingerprint)).rejects.toThrow(/no index.*build:index/);
    await expect(openIndex(indexDir, 'another')).rejects.toThrow(/built with another encoder.*build:index/);
    const copy = await copyIndex();
    const path = join((await currentFolder(copy))!, 'manifest.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace(`"format": ${FORMAT}`, '"format": 0'));
    await expect(openIndex(copy, fingerprint)).rejects.toThrow(/format.*build:index/);
    await writeFile(join(copy, 'current'), '../../etc');
    await expect(openIndex(copy, fingerprint)).rejects.toThrow(/doesn't name an index folder/);
  });

  it.runIf(hasHnswlib)('answers by exact scan, with a warning, when only the graph is damaged', async () => {
    const copy = await copyIndex();
    await writeFile(join((await currentFolder(copy))!, FILES.graph), 'damaged');
    const warn = vi.fn();
    const index = await openIndex(copy, fingerprint, warn);
    expect(index.vectors.kind).toBe('exact');
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/vectors\.hnsw has 7 bytes.*build:index.*every vector/),
    );
    expect(index.vectors.nearest(index.vectors.vectorOf(3), 1)[0]!.passage).toBe(3);
  });

  it('never crashes on truncated or flipped bytes: every damage to every file is a clear error', async () => {
    const random = randomNumbers(7);
    const copy = await copyIndex();
    const folder = (await currentFolder(copy))!;
    const names = [...Object.values(FILES).filter((name) => name !== FILES.graph), 'manifest.json'];
    for (const name of names) {
      const path = join(folder, name);
      const whole = await readFile(path);
      for (let round = 0; round < 4; round++) {
        const damaged = Buffer.from(whole);
        const at = Math.floor(random() * whole.length);
        if (round % 2 === 0) damaged[at] = damaged[at]! ^ (1 << Math.floor(random() * 8));
        await writeFile(path, round % 2 === 0 ? damaged : damaged.subarray(0, at));
        // A flipped bit in the manifest may fall into what it says of itself and not of the files, such as its date.
        const opened = await openIndex(copy, fingerprint).then(
          () => 'opened',
          (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
        );
        if (name === 'manifest.json' && opened === 'opened') continue;
        expect(opened, `${name} damaged at ${at}`).toMatch(/^index-(?:damaged|mismatch): .*build:index/);
      }
      await rm(path);
      await expect(openIndex(copy, fingerprint)).rejects.toThrow(/build:index/);
      await writeFile(path, whole);
    }
    await openIndex(copy, fingerprint);
  });
});

describe('a build', () => {
  it('does nothing when nothing has changed', async () => {
    const result = await buildIndex({ content, indexDir, encoder });
    expect(result).toMatchObject({ status: 'unchanged', embedded: 0 });
  });

  it('embeds only what changed, and gives the same as a build from scratch', async () => {
    const [copiedContent, copiedIndex] = [await temporaryCopy(content), await copyIndex()];
    const file = join(copiedContent, 'en/bert.md');
    await writeFile(
      file,
      `${await readFile(file, 'utf8')}\n### One thing more\n\nIt was followed by RoBERTa.\n`,
    );
    const updated = await buildIndex({ content: copiedContent, indexDir: copiedIndex, encoder });
    expect(updated).toMatchObject({ status: 'built', embedded: 1 });
    const scratch = await temporaryFolder();
    const fresh = await buildIndex({ content: copiedContent, indexDir: scratch, encoder });
    expect(fresh.manifest.version).toBe(updated.manifest.version);
    for (const name of [FILES.passages, FILES.vectors, FILES.tokens, FILES.keywords]) {
      expect(updated.manifest.files[name], name).toEqual(fresh.manifest.files[name]);
    }
  });

  it('leaves the old index in force when the content is wrong', async () => {
    const [copiedContent, copiedIndex] = [await temporaryCopy(content), await copyIndex()];
    const before = await currentFolder(copiedIndex);
    await writeFile(join(copiedContent, 'en/bert.md'), '---\ntitle: BERT\n---\n');
    await expect(buildIndex({ content: copiedContent, indexDir: copiedIndex, encoder })).rejects.toThrow(
      /en\/bert\.md/,
    );
    expect(await currentFolder(copiedIndex)).toBe(before);
    await openIndex(copiedIndex, fingerprint);
  });

  it('refuses to run beside another one, and takes over the lock of a dead one', async () => {
    const copy = await copyIndex();
    const lock = join(copy, 'build.lock');
    await writeFile(lock, `${process.ppid}\n`);
    await expect(buildIndex({ content, indexDir: copy, encoder, force: true })).rejects.toThrow(
      /Another build \(process \d+\)/,
    );
    await writeFile(lock, '999999999\n');
    expect(await buildIndex({ content, indexDir: copy, encoder, force: true })).toMatchObject({
      status: 'built',
    });
    expect(existsSync(lock)).toBe(false);
  });

  it('leaves a usable index when it is killed at any moment, and cleans up the next time', {
    timeout: 240_000,
  }, async () => {
    const [copiedContent, copiedIndex] = [await temporaryCopy(content), await copyIndex()];
    const before = await openIndex(copiedIndex, fingerprint);
    const file = join(copiedContent, 'en/bert.md');
    await writeFile(file, (await readFile(file, 'utf8')).replace('BERT', 'BERT model'));
    const full = await timeBuild(copiedContent, await copyIndex());
    let killed = 0;
    for (const share of [0.4, 0.8, 0.9, 0.97, 1]) {
      killed += (await killBuild(copiedContent, copiedIndex, share * full)) ? 1 : 0;
      const { manifest } = await verifyFolder((await currentFolder(copiedIndex))!);
      expect(manifest.counts.entries).toBe(before.manifest.counts.entries);
    }
    expect(killed).toBeGreaterThan(0);
    await buildIndex({ content: copiedContent, indexDir: copiedIndex, encoder, force: true });
    const folders = (await readdir(copiedIndex, { withFileTypes: true })).filter((item) =>
      item.isDirectory(),
    );
    expect(folders).toHaveLength(1);
  });
});

function startBuild(contentDir: string, target: string) {
  return spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      cli,
      'build',
      '--content',
      contentDir,
      '--index-dir',
      target,
      '--encoder',
      encoder,
      '--force',
    ],
    { stdio: 'ignore' },
  );
}

async function timeBuild(contentDir: string, target: string): Promise<number> {
  const started = performance.now();
  await once(startBuild(contentDir, target), 'exit');
  return performance.now() - started;
}

/** Kills a build after some time; false if it had already ended. */
async function killBuild(contentDir: string, target: string, milliseconds: number): Promise<boolean> {
  const child = startBuild(contentDir, target);
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  const [, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  return signal === 'SIGKILL';
}
