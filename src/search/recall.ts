/** Which entries and passages are worth a closer look: near in the vector space, or sharing words or a name. */
import type { Encoding } from '../encoder/encoder.ts';
import type { KeywordMatch } from '../indexing/keywords.ts';
import type { Index } from '../indexing/open.ts';
import { detectLanguage } from './language.ts';
import type { NameIndex, NameMatch } from './names.ts';

/** Passages that vectors bring in, and entries that keywords bring in beside them. */
export const NEAREST_PASSAGES = 150;
const KEYWORD_ENTRIES = 20;
/** The definitions of this many nearest entries are scored even where they are not near themselves. */
const COMPLETED_ENTRIES = 20;
/** An entry is looked at if its name shares this much of its words with the query. */
const LEAST_NAME_WORDS = 0.6;
/** For this many keyword matches the definitions are scored as well, so that they compete on equal terms. */
const SCORED_KEYWORD_ENTRIES = 10;

export interface Recalled {
  /** The language of the query, if it can be told. */
  language: string | undefined;
  /** Cosine by passage position; empty without vectors. */
  nearest: ReadonlyMap<number, number>;
  keywords: readonly KeywordMatch[];
  name: NameMatch | undefined;
  /** How far the query has the words of each entry's names, 0 to 1. */
  nameWords: ReadonlyMap<string, number>;
  /** Passages to score by late interaction. */
  passages: readonly number[];
}

export interface RecallRequest {
  query: string;
  /** Without it, keywords alone. */
  encoding: Encoding | undefined;
  useKeywords: boolean;
  /** Restricts what is found; all entries without it. */
  accept: ((slug: string) => boolean) | undefined;
}

export function recall(
  index: Index,
  names: NameIndex,
  { query, encoding, useKeywords, accept }: RecallRequest,
): Recalled {
  const { defaultLanguage } = index.glossary.settings;
  const languages = Object.keys(index.glossary.settings.languages);
  const language = detectLanguage(query, languages);
  const spoken = language ? [language] : languages;
  const accepts = accept && ((passage: number) => accept(index.passages[passage]!.slug));
  const nearest = new Map(
    encoding
      ? index.vectors
          .nearest(encoding.vector, NEAREST_PASSAGES, accepts)
          .map(({ passage, similarity }) => [passage, similarity])
      : [],
  );
  const keywords = useKeywords ? index.keywords.search(query, KEYWORD_ENTRIES, spoken, accept) : [];
  const match = useKeywords ? names.match(query) : undefined;
  const name = match && (accept?.(match.slug) ?? true) ? match : undefined;
  const nameWords = new Map(
    useKeywords
      ? [...names.words.match(query, spoken)].filter(
          ([slug, share]) => share >= LEAST_NAME_WORDS && (accept?.(slug) ?? true),
        )
      : [],
  );
  const near = new Set([...nearest.keys()].map((passage) => index.passages[passage]!.slug));
  const passages = new Set(
    [...nearest.keys()].filter((passage) => index.passages[passage]!.kind !== 'asked'),
  );
  const slugs = new Set([
    ...[...near].slice(0, COMPLETED_ENTRIES),
    ...keywords.slice(0, SCORED_KEYWORD_ENTRIES).map(({ slug }) => slug),
    ...(name ? [name.slug] : []),
    ...nameWords.keys(),
  ]);
  for (const slug of slugs) {
    for (const passage of index.passagesOf(slug)) {
      const { kind, language: own } = index.passages[passage]!;
      if (kind === 'definition' && own === defaultLanguage) passages.add(passage);
    }
  }
  return { language, nearest, keywords, name, nameWords, passages: [...passages] };
}
