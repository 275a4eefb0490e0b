/** Late interaction as the service does it, against the same sums in plain loops. */
import type { Encoding } from '../../src/encoder/encoder.ts';
import type { Parts } from '../../src/evaluation/run.ts';
import { idf, meaningfulRows, type TokenStore } from '../../src/indexing/tokens.ts';
import { NEAREST_PASSAGES, recall } from '../../src/search/recall.ts';
import { openParts } from '../open-parts.ts';
import { developmentQuestions } from './questions.ts';
import { median, number, percentile, table, times } from './report.ts';

const QUERIES = 200;
const WARM_UP = 20;

export async function benchmarkLate(): Promise<string> {
  const parts = await openParts();
  const { index, names } = parts;
  const nearest = (_: string, { vector }: Encoding) =>
    index.vectors.nearest(vector, NEAREST_PASSAGES).map(({ passage }) => passage);
  const recalled = (query: string, encoding: Encoding) =>
    recall(index, names, { query, encoding, useKeywords: true, accept: undefined }).passages;
  const reports = [
    await compare(parts, `the ${NEAREST_PASSAGES} nearest passages of each`, nearest),
    await compare(parts, 'all passages that a hybrid search looks at', recalled),
  ];
  await parts.close();
  return [`${QUERIES} development questions, thread and loops in turns.`, ...reports].join('\n\n');
}

async function compare(
  { index: { tokens: store }, encoder, late }: Parts,
  what: string,
  choose: (query: string, encoding: Encoding) => readonly number[],
): Promise<string> {
  const all = await developmentQuestions();
  const texts = Array.from(
    { length: QUERIES },
    (_, at) => all[Math.floor((at * all.length) / QUERIES)]!.question,
  );
  const onThread: number[] = [];
  const inLoops: number[] = [];
  const queryTokens: number[] = [];
  const passageTokens: number[] = [];
  const passageCounts: number[] = [];
  let difference = 0;
  for (const [at, text] of [...texts.slice(0, WARM_UP), ...texts].entries()) {
    const query = await encoder.encodeQuery(text);
    const passages = choose(text, query);
    const started = performance.now();
    const scores = await late.score(query, store, passages);
    const between = performance.now();
    const expected = scoreInLoops(query, store, passages);
    const ended = performance.now();
    if (at < WARM_UP) continue;
    onThread.push(between - started);
    inLoops.push(ended - between);
    queryTokens.push(meaningfulRows(query).length);
    passageCounts.push(passages.length);
    passageTokens.push(
      passages.reduce((sum, passage) => sum + store.offsets[passage + 1]! - store.offsets[passage]!, 0),
    );
    difference = Math.max(difference, ...scores.map((score, i) => Math.abs(score - expected[i]!)));
  }
  const ratios = inLoops.map((loops, at) => loops / onThread[at]!);
  const row = (name: string, values: readonly number[]) => [
    name,
    number(median(values)),
    number(percentile(values, 0.99)),
    times(median(values) / median(inLoops)),
  ];
  return [
    `Over ${what}: medians are ${number(median(passageCounts))} passages, ` +
      `${number(median(queryTokens))} query × ${number(median(passageTokens))} passage tokens of ${store.dimensions} dimensions.`,
    table(
      ['late interaction', 'p50 ms', 'p99 ms', 'p50 ÷ plain loops'],
      [
        row('plain loops on this thread (baseline)', inLoops),
        row("the service's thread, with the way there and back", onThread),
      ],
    ),
    `Query by query, the thread is ${number(median(ratios))} times as fast (median; ${number(percentile(ratios, 0.01))} in the worst 1 %). ` +
      `The scores differ by ${difference.toExponential(1)} at most.`,
  ].join('\n\n');
}

/** score(q, p) = Σᵢ wᵢ · maxⱼ cos(qᵢ, pⱼ) / Σᵢ wᵢ, as it is written. */
function scoreInLoops(query: Encoding, store: TokenStore, passages: readonly number[]): Float32Array {
  const { dimensions, values, scales, offsets } = store;
  const rows = meaningfulRows(query);
  const weights = rows.map((row) => idf(store, query.tokenIds[row]!));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Float32Array.from(passages, (passage) => {
    const [start, end] = [offsets[passage]!, offsets[passage + 1]!];
    if (start === end || rows.length === 0) return 0;
    let score = 0;
    for (let token = 0; token < rows.length; token++) {
      const from = rows[token]! * dimensions;
      let best = -1;
      for (let row = start; row < end; row++) {
        const offset = row * dimensions;
        let dot = 0;
        for (let at = 0; at < dimensions; at++) dot += query.tokenVectors[from + at]! * values[offset + at]!;
        best = Math.max(best, dot * scales[row]!);
      }
      score += weights[token]! * best;
    }
    return score / total;
  });
}
