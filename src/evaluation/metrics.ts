/** How good a ranking is for one question, and how sure the mean over many is. */

/** Ranks of what was asked for, 1-based; Infinity for what was not found. One for each answer group. */
export function ranksOf(ranking: readonly string[], answers: readonly (readonly string[])[]): number[] {
  return answers.map((group) => {
    const at = ranking.findIndex((slug) => group.includes(slug));
    return at < 0 ? Number.POSITIVE_INFINITY : at + 1;
  });
}

export const METRICS = {
  /** Whether the first hit is an answer. */
  'hit@1': (ranks: readonly number[]) => (ranks.some((rank) => rank === 1) ? 1 : 0),
  /** Share of the answers among the first five. */
  'recall@5': (ranks: readonly number[]) => share(ranks, (rank) => rank <= 5),
  /** Reciprocal rank of the first answer, 0 beyond ten. */
  'MRR@10': (ranks: readonly number[]) => {
    const first = Math.min(...ranks);
    return first <= 10 ? 1 / first : 0;
  },
  /** Discounted cumulative gain with binary relevance over the ideal one (Järvelin and Kekäläinen 2002). */
  'nDCG@10': (ranks: readonly number[]) => {
    const gain = (rank: number) => (rank <= 10 ? 1 / Math.log2(rank + 1) : 0);
    const ideal = ranks.reduce((sum, _, at) => sum + gain(at + 1), 0);
    return ranks.reduce((sum, rank) => sum + gain(rank), 0) / ideal;
  },
} as const;

export type Metric = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as Metric[];

/** For comparisons: whether all that was asked for is among the first three. */
export function allInFirstThree(ranks: readonly number[]): number {
  return ranks.every((rank) => rank <= 3) ? 1 : 0;
}

function share(ranks: readonly number[], accepts: (rank: number) => boolean): number {
  return ranks.filter(accepts).length / ranks.length;
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

const RESAMPLES = 2000;

/**
 * 95 % percentile bootstrap interval of the mean (Efron 1979): 2,000 resamples with a fixed seed, so that the
 * same values give the same interval.
 */
export function bootstrapInterval(values: readonly number[]): [low: number, high: number] {
  if (values.length === 0) return [Number.NaN, Number.NaN];
  const random = seededRandom(1);
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let at = 0; at < values.length; at++) sum += values[Math.floor(random() * values.length)]!;
    return sum / values.length;
  }).sort((a, b) => a - b);
  return [means[Math.floor(0.025 * RESAMPLES)]!, means[Math.ceil(0.975 * RESAMPLES) - 1]!];
}

/** mulberry32: a small generator that gives the same numbers everywhere. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
