/** A fused score → the probability that the entry is right, and whether the glossary answers at all. */

export interface Calibration {
  /**
   * Platt scaling (Platt 1999) with a term for the query's length, on which the sum's level depends:
   * p = 1 / (1 + exp(−(slope · sum + perLength · length + intercept))).
   */
  slope: number;
  perLength: number;
  intercept: number;
  /** A best hit with a smaller sum than this is shown as the nearest, not as an answer. */
  answerFrom: number;
}

/** @param length as `lengthOf` gives it. */
export function probability(
  sum: number,
  length: number,
  { slope, perLength, intercept }: Calibration,
): number {
  return 1 / (1 + Math.exp(-(slope * sum + perLength * length + intercept)));
}
