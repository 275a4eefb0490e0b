import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Encoding } from '../encoder/encoder.ts';
import { offsetsOf, quantize, type TokenStore } from '../indexing/tokens.ts';
import { type LateInteraction, openLateInteraction } from './late-interaction.ts';

let late: LateInteraction;
beforeAll(async () => {
  late = await openLateInteraction();
});
afterAll(() => late.close());

const DIMENSIONS = 16;

/** A text as rows of numbers; rows are made unit vectors, as the encoder gives them. */
function encodingOf(rows: number[][]): Encoding {
  const unit = rows.map((row) => row.map((value) => value / Math.hypot(...row)));
  return {
    vector: new Float32Array(DIMENSIONS),
    tokenIds: Int32Array.from(rows.keys()),
    meaningful: rows.map(() => true),
    tokenVectors: Float32Array.from(unit.flat()),
    truncated: false,
    unknownShare: 0,
  };
}

function storeOf(passages: number[][][]): TokenStore {
  const quantized = passages.map((rows) => quantize(encodingOf(rows)));
  const shared = (bytes: number) => new SharedArrayBuffer(bytes);
  const tokens = quantized.reduce((sum, { scales }) => sum + scales.length, 0);
  const values = new Int8Array(shared(tokens * DIMENSIONS));
  const scales = new Float32Array(shared(tokens * 4));
  let row = 0;
  for (const passage of quantized) {
    values.set(passage.values, row * DIMENSIONS);
    scales.set(passage.scales, row);
    row += passage.scales.length;
  }
  const frequencies = new Map([
    [0, 3],
    [1, 1],
  ]);
  return {
    dimensions: DIMENSIONS,
    values,
    scales,
    offsets: offsetsOf(quantized.map(({ scales: s }) => s.length)),
    frequencies,
    passages: passages.length,
  };
}

/** The formula in the plainest loops, on the vectors before they were made bytes. */
function reference(query: number[][], passage: number[][], store: TokenStore): number {
  const cosine = (a: number[], b: number[]) =>
    a.reduce((sum, value, at) => sum + value * b[at]!, 0) / (Math.hypot(...a) * Math.hypot(...b));
  let [sum, total] = [0, 0];
  query.forEach((token, id) => {
    const weight = Math.log(1 + store.passages / (1 + (store.frequencies.get(id) ?? 0)));
    sum += weight * Math.max(...passage.map((other) => cosine(token, other)));
    total += weight;
  });
  return sum / total;
}

const row = fc
  .array(fc.integer({ min: -50, max: 50 }), { minLength: DIMENSIONS, maxLength: DIMENSIONS })
  .filter((values) => values.some((value) => value !== 0));
const text = fc.array(row, { minLength: 1, maxLength: 8 });

describe('late interaction', () => {
  it('is the weighted mean of the best cosines, whatever the vectors', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { minLength: 1, maxLength: 12 }), async (query, passages) => {
        const store = storeOf(passages);
        const scores = await late.score(encodingOf(query), store, [...passages.keys()]);
        passages.forEach((passage, at) => {
          expect(scores[at]).toBeCloseTo(reference(query, passage, store), 1.9);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('gives 1 for a text and itself', async () => {
    const rows = [
      Array.from({ length: DIMENSIONS }, (_, at) => at - 7),
      Array.from({ length: DIMENSIONS }, (_, at) => (at % 3) - 0.5),
    ];
    const [score] = await late.score(encodingOf(rows), storeOf([rows]), [0]);
    expect(score).toBeCloseTo(1, 2);
  });

  it('scores in the order asked for, and nothing as nothing', async () => {
    const [a, b] = [[[1, ...new Array<number>(15).fill(0)]], [[0, 1, ...new Array<number>(14).fill(0)]]];
    const store = storeOf([a, b]);
    expect(Array.from(await late.score(encodingOf(a), store, [1, 0, 1]))).toEqual([
      0,
      expect.closeTo(1, 2),
      0,
    ]);
    expect(await late.score(encodingOf(a), store, [])).toHaveLength(0);
    expect(Array.from(await late.score(encodingOf([]), store, [0]))).toEqual([0]);
  });
});
