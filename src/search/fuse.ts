/** Evidence → one score per entry. */
import { wordsOf } from '../words.ts';
import type { Evidence } from './evidence.ts';

/**
 * What can speak for an entry; see `Evidence`. `nameLate` is late interaction with a title or alias, `sameQuestion`
 * how nearly the query is one of the editors' questions.
 */
export const SIGNALS = [
  'text',
  'question',
  'sameQuestion',
  'nameLate',
  'dense',
  'asked',
  'keyword',
  'name',
  'nameWords',
] as const;
export type Signal = (typeof SIGNALS)[number];

/**
 * What each signal weighs for a query of one word and for a long one; those between are interpolated. For a
 * sentence, evidence of two kinds (text and question) counts more than one; for a keyword, titles decide.
 */
export interface FusionWeights {
  short: Record<Signal, number>;
  long: Record<Signal, number>;
}

export interface Ranked {
  evidence: Evidence;
  /** Weighted sum of the signals, in logits: the entry's lead over another one is the difference. */
  sum: number;
  /** What each signal contributes to it. */
  contributions: Record<Signal, number>;
}

/** From this many words on a query is a long one. */
const LONG_QUERY_WORDS = 12;

/** From this late-interaction score on, two questions ask nearly the same in nearly the same words. */
const ALIKE = 0.8;

/** 0 for one word, 1 for a long query. */
export function lengthOf(query: string): number {
  return Math.min(1, Math.max(0, wordsOf(query).length - 1) / (LONG_QUERY_WORDS - 1));
}

export function signalsOf({
  late,
  dense,
  asked,
  keyword,
  name,
  nameWords,
}: Evidence): Record<Signal, number> {
  return {
    text: late.text,
    question: late.question,
    sameQuestion: Math.max(0, late.question - ALIKE) / (1 - ALIKE),
    nameLate: late.name,
    dense,
    asked,
    keyword,
    name,
    nameWords,
  };
}

/** Ranks the entries by their weighted evidence, best first; equal ones by slug, so that the order is stable. */
export function fuse(query: string, evidence: readonly Evidence[], weights: FusionWeights): Ranked[] {
  const length = lengthOf(query);
  return evidence
    .map((item) => {
      const signals = signalsOf(item);
      const contributions = { ...signals };
      let sum = 0;
      for (const signal of SIGNALS) {
        const weight = (1 - length) * weights.short[signal] + length * weights.long[signal];
        contributions[signal] = weight * signals[signal];
        sum += contributions[signal];
      }
      return { evidence: item, sum, contributions };
    })
    .sort((a, b) => b.sum - a.sum || (a.evidence.slug < b.evidence.slug ? -1 : 1));
}
