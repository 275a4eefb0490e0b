/** A fused score → the probability that the entry is right, and whether the glossary answers at all. */

export interface Calibration {
  /**
   * Platt scaling (Platt 1999) with a term for the query's length, on which the sum's level depends:
   * p = 1 / (1 + exp(−(slope · sum + perLength · length + intercept))).
   */
  slope: number;
  perLength: number;
  intercept: number;
  /** A best hit with a smaller score than this is shown as the nearest, not as an answer. */
  answerFrom: number;
}

/**
 * The probability, and what it is made of: `explained` holds the share of each contribution and the `base` that a
 * query of this length starts from, in logits; their sum is the logit of the probability.
 *
 * @param length as `lengthOf` gives it.
 */
export function calibrate<Signal extends string>(
  contributions: Record<Signal, number>,
  length: number,
  { slope, perLength, intercept }: Calibration,
): { probability: number; explained: Record<Signal | 'base', number> } {
  const base = perLength * length + intercept;
  const explained = { base } as Record<Signal | 'base', number>;
  let logit = base;
  for (const [signal, contribution] of Object.entries<number>(contributions)) {
    explained[signal as Signal] = slope * contribution;
    logit += slope * contribution;
  }
  return { probability: 1 / (1 + Math.exp(-logit)), explained };
}
