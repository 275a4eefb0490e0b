/** Evidence → one score per entry, and from it the probability that the entry is right. */
import type { Evidence } from './evidence.ts';

/**
 * Weights of the evidence. An entry's score is the weighted sum; its calibrated probability the logistic
 * function of `slope × sum + intercept` (Platt 1999). Chosen on the development questions by
 * `npm run evaluate -- --split dev`; docs/decisions/0003-fusion.md has the table.
 */
export interface FusionWeights {
  text: number;
  question: number;
  nameLate: number;
  dense: number;
  keyword: number;
  name: number;
}

export interface Ranked {
  evidence: Evidence;
  /** Weighted sum, comparable between the entries of one query. */
  sum: number;
  /** What each signal contributes to it. */
  contributions: Record<keyof FusionWeights, number>;
}

/** Ranks the entries by their weighted evidence, best first; equal ones by slug, so that the order is stable. */
export function fuse(evidence: readonly Evidence[], weights: FusionWeights): Ranked[] {
  return evidence
    .map((item) => {
      const contributions = {
        text: weights.text * item.late.text,
        question: weights.question * item.late.question,
        nameLate: weights.nameLate * item.late.name,
        dense: weights.dense * item.dense,
        keyword: weights.keyword * item.keyword,
        name: weights.name * item.name,
      };
      const sum = Object.values(contributions).reduce((total, part) => total + part, 0);
      return { evidence: item, sum, contributions };
    })
    .sort((a, b) => b.sum - a.sum || (a.evidence.slug < b.evidence.slug ? -1 : 1));
}
