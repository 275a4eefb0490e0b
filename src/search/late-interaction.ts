/**
 * Late interaction: how well each token of a query is met by some token of a passage.
 *
 * score(q, p) = Σᵢ wᵢ · maxⱼ cos(qᵢ, pⱼ) / Σᵢ wᵢ
 *
 * with qᵢ the query's and pⱼ the passage's token vectors and wᵢ the weight of query token i (its idf).
 * Source: ColBERT, Khattab and Zaharia 2020, arXiv 2004.12832; the weights are ours.
 */
import type { Encoding } from '../encoder/encoder.ts';
import { idf, meaningfulRows, type TokenStore } from '../indexing/tokens.ts';
import { openPool } from '../threads.ts';
import type { LateTask } from './late-worker.ts';

export interface LateInteraction {
  /** The score of each passage (positions in the index), -1 to 1; 0 for a passage or query without tokens. */
  score(query: Encoding, store: TokenStore, passages: readonly number[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Starts the thread that does the sums; it serves any index, so it outlives a rebuild. */
export async function openLateInteraction(): Promise<LateInteraction> {
  const pool = openPool<LateTask, Float32Array>(import.meta.url, 'late-worker', 1, undefined);
  const run = (query: Encoding, store: TokenStore, passages: readonly number[]) => {
    const rows = meaningfulRows(query);
    const { dimensions } = store;
    const vectors = new Float32Array(rows.length * dimensions);
    rows.forEach((row, at) => {
      vectors.set(query.tokenVectors.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions);
    });
    return pool.run({
      query: vectors,
      weights: Float32Array.from(rows, (row) => idf(store, query.tokenIds[row]!)),
      dimensions,
      values: store.values,
      scales: store.scales,
      offsets: store.offsets,
      passages: Uint32Array.from(passages),
    });
  };
  await pool.run(emptyTask());
  return { score: run, close: () => pool.destroy() };
}

function emptyTask(): LateTask {
  const none = new SharedArrayBuffer(4);
  return {
    query: new Float32Array(0),
    weights: new Float32Array(0),
    dimensions: 1,
    values: new Int8Array(none, 0, 0),
    scales: new Float32Array(none, 0, 0),
    offsets: new Uint32Array(none),
    passages: new Uint32Array(0),
  };
}
