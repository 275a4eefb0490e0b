/** The vectors of every passage's tokens, one byte a dimension, for late interaction. */
import type { Encoding } from '../encoder/encoder.ts';
import { quantizeRows } from './quantize.ts';

/**
 * Token vectors of all passages, row after row, in shared memory so that another thread reads them in place.
 * A component is `values[i] × scales[row]`.
 */
export interface TokenStore {
  readonly dimensions: number;
  /** `rows × dimensions` */
  readonly values: Int8Array<SharedArrayBuffer>;
  /** One for each row. */
  readonly scales: Float32Array<SharedArrayBuffer>;
  /** `offsets[p]` to `offsets[p + 1]` are the rows of passage p. */
  readonly offsets: Uint32Array<SharedArrayBuffer>;
  /** In how many passages each token id occurs. */
  readonly frequencies: ReadonlyMap<number, number>;
  readonly passages: number;
}

/** The token vectors of one passage as they are stored. */
export interface QuantizedTokens {
  values: Int8Array;
  scales: Float32Array;
  ids: Int32Array;
}

/**
 * A passage's token vectors as they are stored. Tokens without meaning are left out: punctuation and stop words
 * are half of all tokens, and what they match says nothing (measured in docs/decisions/0004-token-vectors.md).
 */
export function quantize(encoding: Encoding): QuantizedTokens {
  const { tokenIds, tokenVectors } = encoding;
  const dimensions = tokenIds.length === 0 ? 0 : tokenVectors.length / tokenIds.length;
  const kept = meaningfulRows(encoding);
  const rows = kept.map((row) => tokenVectors.subarray(row * dimensions, (row + 1) * dimensions));
  return { ...quantizeRows(rows), ids: Int32Array.from(kept, (row) => tokenIds[row]!) };
}

/** Rows of the tokens that bear meaning; all of them for a text that has none ("who?"). */
export function meaningfulRows({ meaningful }: Encoding): number[] {
  const all = [...meaningful.keys()];
  const rows = all.filter((row) => meaningful[row]);
  return rows.length > 0 ? rows : all;
}

/** In how many passages each token id occurs; `offsets` are as in `TokenStore`. */
export function countFrequencies(ids: Int32Array, offsets: Uint32Array): Map<number, number> {
  const frequencies = new Map<number, number>();
  for (let passage = 0; passage + 1 < offsets.length; passage++) {
    for (const id of new Set(ids.subarray(offsets[passage], offsets[passage + 1]))) {
      frequencies.set(id, (frequencies.get(id) ?? 0) + 1);
    }
  }
  return frequencies;
}

/** The weight of a query token: idf = ln(1 + N / (1 + df)), N passages, df of them with the token. */
export function idf(store: TokenStore, tokenId: number): number {
  return Math.log(1 + store.passages / (1 + (store.frequencies.get(tokenId) ?? 0)));
}

/** Row counts of passages → where each one's rows start, with the end of the last one behind. */
export function offsetsOf(counts: readonly number[]): Uint32Array<SharedArrayBuffer> {
  const offsets = new Uint32Array(new SharedArrayBuffer((counts.length + 1) * Uint32Array.BYTES_PER_ELEMENT));
  counts.forEach((count, at) => {
    offsets[at + 1] = offsets[at]! + count;
  });
  return offsets;
}
