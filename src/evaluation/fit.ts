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

/** One hit that was shown: its fused sum and whether it was right. */
export interface Shown {
  sum: number;
  right: boolean;
}

/** Newton's method on the logistic loss, for slope and intercept. Source: Platt 1999. */
export function fitPlatt(shown: readonly Shown[]): Pick<Calibration, 'slope' | 'intercept'> {
  const center = shown.reduce((total, { sum }) => total + sum, 0) / shown.length;
  let [slope, offset] = [0, 0];
  for (let step = 0; step < 100; step++) {
    const gradient = [0, 0];
    const curvature = [1e-6, 0, 1e-6];
    for (const { sum, right } of shown) {
      const x = sum - center;
      const p = 1 / (1 + Math.exp(-(slope * x + offset)));
      const error = p - (right ? 1 : 0);
      gradient[0]! += error * x;
      gradient[1]! += error;
      curvature[0]! += p * (1 - p) * x * x;
      curvature[1]! += p * (1 - p) * x;
      curvature[2]! += p * (1 - p);
    }
    const [a, b, c] = curvature as [number, number, number];
    const determinant = a * c - b * b;
    slope -= (c * gradient[0]! - b * gradient[1]!) / determinant;
    offset -= (a * gradient[1]! - b * gradient[0]!) / determinant;
  }
  return { slope, intercept: offset - slope * center };
}

/**
 * The threshold of `answered`: the best balance between answerable questions that pass and unanswerable ones
 * that don't (the largest sum of the two shares).
 */
export function fitThreshold(best: readonly { probability: number; answerable: boolean }[]): number {
  const answerable = best.filter(({ answerable: is }) => is).map(({ probability }) => probability);
  const others = best.filter(({ answerable: is }) => !is).map(({ probability }) => probability);
  const candidates = best.map(({ probability }) => probability).sort((a, b) => a - b);
  const quality = (threshold: number) =>
    answerable.filter((value) => value >= threshold).length / answerable.length +
    others.filter((value) => value < threshold).length / others.length;
  return candidates.reduce(
    (chosen, threshold) => (quality(threshold) > quality(chosen) ? threshold : chosen),
    candidates[0]!,
  );
}
