/** Nearest passages by their vectors: an HNSW graph, or an exact scan where there is none. */
import type { HierarchicalNSW } from 'hnswlib-node';
import type { GraphSettings } from './manifest.ts';

/** A passage by its position in the index, with the cosine of its vector and the query's. */
export interface Neighbor {
  passage: number;
  similarity: number;
}

export interface VectorStore {
  readonly kind: 'hnsw' | 'exact';
  /**
   * The `count` nearest passages that `accept` lets through (all without it), best first.
   * `query` is a unit vector of the index's dimensions.
   */
  nearest(query: Float32Array, count: number, accept?: (passage: number) => boolean): Neighbor[];
  /** The unit vector of a passage: a view, not a copy. */
  vectorOf(passage: number): Float32Array;
}

/**
 * Chosen by `npm run benchmark -- graph`: recall of the exact 100 nearest and time per query, on real queries.
 * Source: Malkov and Yashunin 2018, arXiv 1603.09320 (m, efConstruction, ef).
 */
export const GRAPH: GraphSettings = { m: 16, efConstruction: 200, efSearch: 200 };

const SEED = 100;

/** The native library, or undefined where it could not be compiled. */
export async function loadHnswlib(): Promise<typeof import('hnswlib-node') | undefined> {
  try {
    const module = await import('hnswlib-node');
    return 'default' in module ? (module.default as typeof import('hnswlib-node')) : module;
  } catch {
    return undefined;
  }
}

/**
 * Builds the graph over `vectors` (rows of `dimensions`) and writes it to `path`.
 * Returns its settings, or null where the native library is missing.
 */
export async function writeGraph(
  path: string,
  vectors: Float32Array,
  dimensions: number,
  onProgress: (done: number) => void,
  graph: GraphSettings = GRAPH,
): Promise<GraphSettings | null> {
  const library = await loadHnswlib();
  if (!library) return null;
  const rows = vectors.length / dimensions;
  const index = new library.HierarchicalNSW('ip', dimensions);
  index.initIndex({ maxElements: rows, m: graph.m, efConstruction: graph.efConstruction, randomSeed: SEED });
  for (let row = 0; row < rows; row++) {
    index.addPoint(Array.from(vectors.subarray(row * dimensions, (row + 1) * dimensions)), row);
    if (row % 500 === 0) onProgress(row);
  }
  await index.writeIndex(path);
  return graph;
}

/** Opens a graph whose file was verified; `vectors` are the same rows, for what needs a single one. */
export async function openGraph(
  path: string,
  vectors: Float32Array,
  dimensions: number,
  graph: GraphSettings,
): Promise<VectorStore | undefined> {
  const library = await loadHnswlib();
  if (!library) return undefined;
  const index: HierarchicalNSW = new library.HierarchicalNSW('ip', dimensions);
  await index.readIndex(path);
  index.setEf(graph.efSearch);
  const rows = vectors.length / dimensions;
  return {
    kind: 'hnsw',
    nearest(query, count, accept) {
      requireUnitVector(query, dimensions);
      const found = index.searchKnn(Array.from(query), Math.min(count, rows), accept);
      return found.neighbors.map((passage, at) => ({ passage, similarity: 1 - found.distances[at]! }));
    },
    vectorOf: (passage) => rowOf(vectors, dimensions, passage),
  };
}

/** The exact answer: every row is compared. The oracle of the tests, and the fallback without a graph. */
export function openExact(vectors: Float32Array, dimensions: number): VectorStore {
  const rows = vectors.length / dimensions;
  return {
    kind: 'exact',
    nearest(query, count, accept = () => true) {
      requireUnitVector(query, dimensions);
      const found: Neighbor[] = [];
      for (let passage = 0; passage < rows; passage++) {
        if (accept(passage)) found.push({ passage, similarity: dot(query, vectors, passage * dimensions) });
      }
      return found.sort((a, b) => b.similarity - a.similarity).slice(0, count);
    },
    vectorOf: (passage) => rowOf(vectors, dimensions, passage),
  };
}

export function cosine(a: Float32Array, b: Float32Array): number {
  return dot(a, b, 0);
}

function dot(query: Float32Array, rows: Float32Array, offset: number): number {
  let sum = 0;
  for (let at = 0; at < query.length; at++) sum += query[at]! * rows[offset + at]!;
  return sum;
}

function rowOf(vectors: Float32Array, dimensions: number, row: number): Float32Array {
  return vectors.subarray(row * dimensions, (row + 1) * dimensions);
}

/** hnswlib answers a vector of NaN, or of another length, with nonsense instead of an error. */
function requireUnitVector(query: Float32Array, dimensions: number): void {
  if (query.length !== dimensions)
    throw new RangeError(`a query vector of ${query.length} dimensions, not ${dimensions}`);
  const norm = dot(query, query, 0);
  if (!(Math.abs(norm - 1) < 1e-3))
    throw new RangeError(`a query vector of length ${Math.sqrt(norm)}, not 1`);
}
