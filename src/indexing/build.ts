/** Content and encoder → an index on disk. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprintOfModel, openEncoder } from '../encoder/encoder.ts';
import { contentHash } from '../glossary/content-hash.ts';
import { readGlossary } from '../glossary/read.ts';
import type { Glossary } from '../glossary/schema.ts';
import { makePassages } from '../passages/passages.ts';
import { embedAsked, embedPassages } from './embed.ts';
import { serializeKeywords } from './keywords.ts';
import { FILES, FORMAT, type Manifest } from './manifest.ts';
import { quantizeRows, unitVectorsOf } from './quantize.ts';
import { readKnownPassages } from './reuse.ts';
import { currentFolder, readManifest, replaceIndex, verifyFolder, writeDurably } from './storage.ts';
import { writeGraph } from './vectors.ts';

export interface BuildOptions {
  content: string;
  indexDir: string;
  /** Folder or hub id of the sentence model. */
  encoder: string;
  /** Builds even if nothing has changed, and embeds every passage again. */
  force?: boolean;
  /** Texts that are embedded at the same time, each alone. */
  workers?: number;
  onProgress?: (progress: BuildProgress) => void;
}

export interface BuildProgress {
  stage:
    | 'downloading the model (kB)'
    | 'embedding passages'
    | 'embedding further questions'
    | 'linking neighbours';
  done: number;
  total: number;
}

export interface BuildResult {
  status: 'built' | 'unchanged';
  manifest: Manifest;
  /** Passages that were embedded now; the others were taken over from the index before. */
  embedded: number;
}

/** The manifest of the index in force if it says that it was built from this content with this encoder. */
export async function findUpToDate({
  content,
  indexDir,
  encoder,
}: Pick<BuildOptions, 'content' | 'indexDir' | 'encoder'>): Promise<Manifest | undefined> {
  try {
    const folder = await currentFolder(indexDir);
    if (!folder) return undefined;
    const [manifest, hash, fingerprint] = await Promise.all([
      readManifest(folder),
      contentHash(content),
      fingerprintOfModel(encoder),
    ]);
    return manifest.contentHash === hash && manifest.encoder.fingerprint === fingerprint
      ? manifest
      : undefined;
  } catch {
    return undefined;
  }
}

async function isWhole(indexDir: string): Promise<boolean> {
  const folder = await currentFolder(indexDir);
  return (
    folder !== undefined &&
    (await verifyFolder(folder).then(
      () => true,
      () => false,
    ))
  );
}

/**
 * Builds the index of `content` into `indexDir` and puts it in force. Does nothing when it is up to date;
 * embeds only passages whose text the index before did not have.
 *
 * @throws {ContentError} when the glossary has findings; the old index stays in force then, as on any error.
 * @throws {GlossarySearchError} `encoder-missing`, `encoder-failed`, `build-running`.
 */
export async function buildIndex(options: BuildOptions): Promise<BuildResult> {
  const { content, indexDir, force = false, workers = 2, onProgress } = options;
  const upToDate = force ? undefined : await findUpToDate(options);
  if (upToDate && (await isWhole(indexDir))) return { status: 'unchanged', manifest: upToDate, embedded: 0 };

  const hash = await contentHash(content);
  const glossary = await readGlossary(content);
  const encoder = await openEncoder(options.encoder, {
    workers,
    onDownload({ file, bytes, total }) {
      if (!file.endsWith('.onnx')) return;
      onProgress?.({ stage: 'downloading the model (kB)', done: kilobytes(bytes), total: kilobytes(total) });
    },
  });
  try {
    const passages = await makePassages(glossary, encoder.countTokens);
    const known = force ? undefined : await readKnownPassages(indexDir, encoder.fingerprint);
    const texts = await embedPassages(glossary, passages, encoder, known, (done, total) =>
      onProgress?.({ stage: 'embedding passages', done, total }),
    );
    const asked = await embedAsked(glossary, encoder, known, (done, total) =>
      onProgress?.({ stage: 'embedding further questions', done, total }),
    );
    const stored = [...texts.stored, ...asked.stored];
    const embedded = [...texts.embedded, ...asked.embedded];
    const version = createHash('sha256')
      .update(`${FORMAT} ${hash} ${encoder.fingerprint}`)
      .digest('hex')
      .slice(0, 12);
    const dimensions = encoder.settings.dimensions;
    const manifest = await replaceIndex(indexDir, async (folder) => {
      // The graph is built from what the file holds, so that reused vectors give the same graph as fresh ones.
      const quantized = quantizeRows(embedded.map(({ vector }) => vector));
      const vectors = unitVectorsOf(quantized);
      await writeDurably(join(folder, FILES.glossary), serializeGlossary(glossary));
      await writeDurably(join(folder, FILES.passages), JSON.stringify(stored));
      await writeDurably(join(folder, FILES.keywords), serializeKeywords(glossary));
      await writeDurably(join(folder, FILES.vectors), bytesOf(quantized.values));
      await writeDurably(join(folder, FILES.vectorScales), bytesOf(quantized.scales));
      await writeParts(
        join(folder, FILES.tokens),
        embedded.map(({ tokens }) => tokens.values),
      );
      await writeParts(
        join(folder, FILES.tokenScales),
        embedded.map(({ tokens }) => tokens.scales),
      );
      await writeParts(
        join(folder, FILES.tokenIds),
        embedded.map(({ tokens }) => tokens.ids),
      );
      const graph = await writeGraph(join(folder, FILES.graph), vectors, dimensions, (done) =>
        onProgress?.({ stage: 'linking neighbours', done, total: stored.length }),
      );
      const { graph: graphFile, ...others } = FILES;
      return {
        files: [...Object.values(others), ...(graph ? [graphFile] : [])],
        manifest: {
          format: FORMAT,
          version,
          builtAt: new Date().toISOString(),
          contentHash: hash,
          encoder: {
            name: encoder.settings.name,
            fingerprint: encoder.fingerprint,
            dimensions,
            tokenDimensions: encoder.settings.tokenDimensions ?? dimensions,
          },
          counts: {
            entries: glossary.entries.length,
            passages: stored.length,
            tokens: stored.reduce((sum, { tokens }) => sum + tokens, 0),
          },
          graph,
        },
      };
    });
    return { status: 'built', manifest, embedded: texts.fresh + asked.fresh };
  } finally {
    await encoder.close();
  }
}

const kilobytes = (bytes: number) => Math.ceil(bytes / 1000);

/** Without the further questions: they are found by their words and vectors, and never shown. */
function serializeGlossary(glossary: Glossary): string {
  return JSON.stringify(glossary, (key, value: unknown) => (key === 'asked' ? [] : value));
}

type Numbers = Float32Array | Int8Array | Int32Array;

function bytesOf(values: Numbers): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

const PARTS_AT_ONCE = 256;

/** Writes arrays one after another without holding them twice in memory. */
async function writeParts(path: string, parts: readonly Numbers[]): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let at = 0; at < parts.length; at += PARTS_AT_ONCE) {
      await file.appendFile(Buffer.concat(parts.slice(at, at + PARTS_AT_ONCE).map(bytesOf)));
    }
    await file.sync();
  } finally {
    await file.close();
  }
}
