/** Finds the weights of the ranking and its calibration from questions with known answers. */
import type { Calibration } from '../search/calibrate.ts';
import { type FusionWeights, SIGNALS, type Signal } from '../search/fuse.ts';

/** One question's recalled entries. */
export interface Example {
  /** 0 for one word, 1 for a long query. */
  length: number;
  /** For each entry its signals and whether it is an answer. */
  entries: { signals: Record<Signal, number>; right: boolean }[];
  /** Whether the glossary answers the question. */
  answerable: boolean;
}

const STEPS = 3000;
const RATE = 0.5;
/** Ridge penalty on the weights, which are in logits. */
const PENALTY = 1e-5;

/**
 * Conditional logit (McFadden 1974): the weights that make the right entries most probable among those
 * recalled. Only the `signals` named take part; the others weigh 0. Full-batch Adam, so the result is the same
 * at every run.
 */
export function fitWeights(examples: readonly Example[], signals: readonly Signal[]): FusionWeights {
  const usable = examples.filter(({ entries }) => entries.some(({ right }) => right));
  const size = signals.length * 2;
  const rows = usable.map(({ length, entries }) =>
    entries.map(({ signals: values, right }) => ({
      right,
      features: [
        ...signals.map((signal) => (1 - length) * values[signal]),
        ...signals.map((signal) => length * values[signal]),
      ],
    })),
  );
  const weights = new Array<number>(size).fill(0);
  const first = new Array<number>(size).fill(0);
  const second = new Array<number>(size).fill(0);
  for (let step = 1; step <= STEPS; step++) {
    const gradient = weights.map((weight) => 2 * PENALTY * weight);
    for (const entries of rows) {
      const scores = entries.map(({ features }) =>
        features.reduce((sum, value, at) => sum + value * weights[at]!, 0),
      );
      const highest = Math.max(...scores);
      const masses = scores.map((score) => Math.exp(score - highest));
      const total = masses.reduce((sum, mass) => sum + mass, 0);
      const right = masses.reduce((sum, mass, at) => sum + (entries[at]!.right ? mass : 0), 0);
      entries.forEach((entry, at) => {
        const push = (masses[at]! / total - (entry.right ? masses[at]! / right : 0)) / rows.length;
        for (let feature = 0; feature < size; feature++)
          gradient[feature]! += push * entry.features[feature]!;
      });
    }
    const rate = RATE * (1 - step / (STEPS + 1));
    for (let at = 0; at < size; at++) {
      first[at] = 0.9 * first[at]! + 0.1 * gradient[at]!;
      second[at] = 0.999 * second[at]! + 0.001 * gradient[at]! ** 2;
      const [m, v] = [first[at]! / (1 - 0.9 ** step), second[at]! / (1 - 0.999 ** step)];
      weights[at]! -= (rate * m) / (Math.sqrt(v) + 1e-8);
    }
  }
  const part = (offset: number) =>
    Object.fromEntries(
      SIGNALS.map((signal) => {
        const at = signals.indexOf(signal);
        return [signal, at < 0 ? 0 : Math.round(weights[offset + at]! * 100) / 100];
      }),
    ) as Record<Signal, number>;
  return { short: part(0), long: part(signals.length) };
}

/** One hit that was shown: its fused sum, the length of its query, and whether it was right. */
export interface Shown {
  sum: number;
  length: number;
  right: boolean;
}

/** Logistic regression of `right` on sum and length, by Newton's method on standardised features. */
export function fitPlatt(shown: readonly Shown[]): Pick<Calibration, 'slope' | 'perLength' | 'intercept'> {
  const sums = standardize(shown.map(({ sum }) => sum));
  const lengths = standardize(shown.map(({ length }) => length));
  let weights: Vector = [0, 0, 0];
  for (let step = 0; step < 50; step++) {
    const gradient: Vector = [0, 0, 0];
    const curvature: [Vector, Vector, Vector] = [
      [RIDGE, 0, 0],
      [0, RIDGE, 0],
      [0, 0, RIDGE],
    ];
    shown.forEach(({ right }, at) => {
      const features: Vector = [sums.values[at]!, lengths.values[at]!, 1];
      const p = 1 / (1 + Math.exp(-(features[0] * weights[0] + features[1] * weights[1] + weights[2])));
      for (const row of [0, 1, 2] as const) {
        gradient[row] += (p - (right ? 1 : 0)) * features[row];
        for (const column of [0, 1, 2] as const)
          curvature[row][column] += p * (1 - p) * features[row] * features[column];
      }
    });
    const change = solve(curvature, gradient);
    weights = [weights[0] - change[0], weights[1] - change[1], weights[2] - change[2]];
  }
  const slope = weights[0] / sums.deviation;
  const perLength = weights[1] / lengths.deviation;
  return { slope, perLength, intercept: weights[2] - slope * sums.center - perLength * lengths.center };
}

type Vector = [number, number, number];
const RIDGE = 1e-3;

function standardize(values: readonly number[]) {
  const center = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation =
    Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / values.length) || 1;
  return { center, deviation, values: values.map((value) => (value - center) / deviation) };
}

/** Cramer's rule for three unknowns. */
function solve(matrix: [Vector, Vector, Vector], right: Vector): Vector {
  const determinant = ([[a, b, c], [d, e, f], [g, h, i]]: [Vector, Vector, Vector]) =>
    a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const whole = determinant(matrix);
  const column = (at: number) =>
    determinant(
      matrix.map(
        (row, line) => row.map((value, position) => (position === at ? right[line]! : value)) as Vector,
      ) as [Vector, Vector, Vector],
    ) / whole;
  return [column(0), column(1), column(2)];
}

/**
 * The threshold of `answered`: where the share of answerable questions that pass and the share of unanswerable
 * ones that don't add up to most.
 */
export function fitThreshold(best: readonly { score: number; answerable: boolean }[]): number {
  const scoresOf = (wanted: boolean) =>
    best.filter(({ answerable }) => answerable === wanted).map(({ score }) => score);
  const [answerable, others] = [scoresOf(true), scoresOf(false)];
  const quality = (threshold: number) =>
    answerable.filter((score) => score >= threshold).length / answerable.length +
    others.filter((score) => score < threshold).length / others.length;
  const candidates = best.map(({ score }) => score).sort((a, b) => a - b);
  return candidates.reduce((chosen, threshold) =>
    quality(threshold) > quality(chosen) ? threshold : chosen,
  );
}
