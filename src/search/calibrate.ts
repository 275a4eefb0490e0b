/** A fused score → the probability that the entry is right, and whether the glossary answers at all. */

export interface Calibration {
  /** Platt scaling: p = 1 / (1 + exp(−(slope · sum + intercept))). Source: Platt 1999. */
  slope: number;
  intercept: number;
  /** A best hit below this probability is shown as the nearest, not as an answer. */
  answerFrom: number;
}

export function probability(sum: number, { slope, intercept }: Calibration): number {
  return 1 / (1 + Math.exp(-(slope * sum + intercept)));
}
