/** An index on disk → an index in memory, verified before it is read. */
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GlossarySearchError } from '../errors.ts';
import type { Entry, Glossary } from '../glossary/schema.ts';
import { type KeywordStore, openKeywords } from './keywords.ts';
import { FILES, type Manifest } from './manifest.ts';
import { unitVectorsOf } from './quantize.ts';
import { BUILD_HINT, currentFolder, verifyFolder } from './storage.ts';
import type { StoredPassage } from './stored-passage.ts';
import { countFrequencies, offsetsOf, type TokenStore } from './tokens.ts';
import { openExact, openGraph, type VectorStore } from './vectors.ts';

/** Is told, in one sentence, what is not as good as it could be. */
export type Warn = (message: string) => void;

export interface Index {
  readonly manifest: Manifest;
  readonly glossary: Glossary;
  readonly passages: readonly StoredPassage[];
  readonly vectors: VectorStore;
  readonly tokens: TokenStore;
  readonly keywords: KeywordStore;
  /** The entries that are asked for in further ways, as those are that the ranking was fitted on. */
  readonly furtherAsked: ReadonlySet<string>;
  entry(slug: string): Entry | undefined;
  /** Positions of an entry's passages. */
  passagesOf(slug: string): readonly number[];
}

/**
 * Opens the index in force at `indexDir`.
 *
 * @param fingerprint of the encoder that will embed the queries.
 * @param warn is told in one sentence when the exact scan has to stand in for the graph.
 * @throws {GlossarySearchError} `index-missing`, `index-damaged`, or `index-mismatch` when the index was built
 *   with another encoder.
 */
export async function openIndex(
  indexDir: string,
  fingerprint: string,
  warn: Warn = () => undefined,
): Promise<Index> {
  const folder = await currentFolder(indexDir);
  if (!folder)
    throw new GlossarySearchError('index-missing', `There is no index in ${indexDir}. ${BUILD_HINT}`);
  const { manifest, damaged } = await verifyFolder(folder, (name) => name === FILES.graph);
  for (const error of damaged) warn(`${error.message} Until then every query is compared with every vector.`);
  if (manifest.encoder.fingerprint !== fingerprint) {
    throw new GlossarySearchError(
      'index-mismatch',
      `The index in ${indexDir} was built with another encoder (${manifest.encoder.name}, ${manifest.encoder.fingerprint}). ${BUILD_HINT}`,
    );
  }
  const json = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, name), 'utf8'));
  const glossary = (await json(FILES.glossary)) as Glossary;
  const passages = (await json(FILES.passages)) as StoredPassage[];
  const entries = new Map(glossary.entries.map((entry) => [entry.slug, entry]));
  const positions = new Map(glossary.entries.map(({ slug }): [string, number[]] => [slug, []]));
  passages.forEach(({ slug }, at) => {
    positions.get(slug)?.push(at);
  });
  return {
    manifest,
    glossary,
    passages,
    vectors: await openVectors(folder, manifest, damaged.length === 0, warn),
    tokens: await openTokens(folder, manifest, passages),
    keywords: openKeywords(await readFile(join(folder, FILES.keywords), 'utf8')),
    furtherAsked: new Set(passages.filter(({ kind }) => kind === 'asked').map(({ slug }) => slug)),
    entry: (slug) => entries.get(slug),
    passagesOf: (slug) => positions.get(slug) ?? [],
  };
}

/** A damaged graph alone is no reason to stop answering: the vectors beside it give the same answers, slower. */
async function openVectors(
  folder: string,
  manifest: Manifest,
  graphIsWhole: boolean,
  warn: Warn,
): Promise<VectorStore> {
  const { dimensions } = manifest.encoder;
  const vectors = unitVectorsOf({
    values: new Int8Array(await readShared(join(folder, FILES.vectors))),
    scales: new Float32Array(await readShared(join(folder, FILES.vectorScales))),
  });
  if (manifest.graph && graphIsWhole) {
    const graph = await openGraph(join(folder, FILES.graph), vectors, dimensions, manifest.graph);
    if (graph) return graph;
  }
  if (graphIsWhole) {
    warn(
      'hnswlib-node is not installed (it compiles with a C++ toolchain and Python), ' +
        'so every query is compared with every vector: the same answers, slower.',
    );
  }
  return openExact(vectors, dimensions);
}

async function openTokens(
  folder: string,
  manifest: Manifest,
  passages: readonly StoredPassage[],
): Promise<TokenStore> {
  const offsets = offsetsOf(passages.map(({ tokens }) => tokens));
  const ids = new Int32Array(await readShared(join(folder, FILES.tokenIds)));
  return {
    dimensions: manifest.encoder.tokenDimensions,
    values: new Int8Array(await readShared(join(folder, FILES.tokens))),
    scales: new Float32Array(await readShared(join(folder, FILES.tokenScales))),
    offsets,
    frequencies: countFrequencies(ids, offsets),
    passages: passages.length,
  };
}

/** Reads a file into memory that threads can share. */
async function readShared(path: string): Promise<SharedArrayBuffer> {
  const bytes = new Uint8Array(new SharedArrayBuffer((await stat(path)).size));
  const file = await open(path);
  try {
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, at);
      if (bytesRead === 0) throw new Error(`${path} is shorter than it was`);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
  return bytes.buffer;
}
