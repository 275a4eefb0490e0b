/** A fused score → the probability that the entry is right, and whether that is enough to call it an answer. */

/** Platt scaling: p = 1 / (1 + exp(−(slope · sum + intercept))). Source: Platt 1999. */
export interface Calibration {
  slope: number;
  intercept: number;
}

/** A best hit below this probability is shown as the nearest, not as an answer. */
export const ANSWER_THRESHOLD = 0.5;

export function probability(sum: number, { slope, intercept }: Calibration): number {
  return 1 / (1 + Math.exp(-(slope * sum + intercept)));
}

export function isAnswered(best: number): boolean {
  return best >= ANSWER_THRESHOLD;
}
