/** What speaks for each entry, gathered from its passages and its words. */
import type { Index } from '../indexing/open.ts';
import type { PassageKind } from '../passages/passages.ts';
import type { Recalled } from './recall.ts';

/** Kinds of passages that testify alike: what answers, what asks, what names. */
export const ASPECTS = ['text', 'question', 'name'] as const;
export type Aspect = (typeof ASPECTS)[number];

const ASPECT_OF: Record<Exclude<PassageKind, 'asked'>, Aspect> = {
  definition: 'text',
  why: 'text',
  section: 'text',
  question: 'question',
  name: 'name',
};

export interface Evidence {
  slug: string;
  /** Best late-interaction score among the passages of each aspect; the query's lowest where none was recalled. */
  late: Record<Aspect, number>;
  /** Best cosine among the entry's passages; the query's lowest where none was near. */
  dense: number;
  /** The same among the ways in which it is asked for. */
  asked: number;
  /** BM25, saturated so that it lies below 1 for every query, times the share of the query's words that were found. */
  keyword: number;
  /** 1 if the query is one of the entry's names, less for each typing error, else 0. */
  name: number;
  /** How far a short query has the words of one of the entry's names, 0 to 1; 0 below the recall's threshold. */
  nameWords: number;
  /** The entry's scored passages (positions in the index), best first. */
  passages: { passage: number; late: number }[];
}

/**
 * The BM25 score that counts half. A share of the query's best score would call the best of bad matches perfect:
 * it told off-topic questions apart less well (0.79 against 0.86 at 96 % of the others, 3-fold on the dev half).
 */
const HALF_KEYWORD_SCORE = 30;

/** Evidence for every entry that was recalled, in no order. `late` holds the scores of `recalled.passages`. */
export function gatherEvidence(index: Index, recalled: Recalled, late: Float32Array | undefined): Evidence[] {
  const found = new Map<string, Evidence>();
  const floor = late && late.length > 0 ? Math.min(...late) : 0;
  const denseFloor = recalled.nearest.size > 0 ? Math.min(...recalled.nearest.values()) : 0;
  const of = (slug: string): Evidence => {
    const evidence = found.get(slug) ?? {
      slug,
      late: { text: floor, question: floor, name: floor },
      dense: denseFloor,
      asked: denseFloor,
      keyword: 0,
      name: 0,
      nameWords: 0,
      passages: [],
    };
    found.set(slug, evidence);
    return evidence;
  };
  recalled.passages.forEach((passage, at) => {
    const { slug, kind } = index.passages[passage]!;
    if (kind === 'asked') return;
    const evidence = of(slug);
    const score = late?.[at] ?? 0;
    const aspect = ASPECT_OF[kind];
    evidence.late[aspect] = Math.max(evidence.late[aspect], score);
    evidence.dense = Math.max(evidence.dense, recalled.nearest.get(passage) ?? denseFloor);
    evidence.passages.push({ passage, late: score });
  });
  for (const [passage, similarity] of recalled.nearest) {
    const { slug, kind } = index.passages[passage]!;
    if (kind === 'asked') of(slug).asked = Math.max(of(slug).asked, similarity);
  }
  for (const { slug, score, coverage } of recalled.keywords) {
    of(slug).keyword = (score / (score + HALF_KEYWORD_SCORE)) * coverage;
  }
  // An entry that is asked for in no further ways must not look worse for it.
  for (const evidence of found.values()) {
    if (!index.furtherAsked.has(evidence.slug)) evidence.asked = evidence.dense;
  }
  for (const [slug, share] of recalled.nameWords) of(slug).nameWords = share;
  if (recalled.name) of(recalled.name.slug).name = 1 / (1 + recalled.name.distance);
  for (const { passages } of found.values()) passages.sort((a, b) => b.late - a.late);
  return [...found.values()];
}
