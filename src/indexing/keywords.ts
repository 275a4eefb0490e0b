/** Keyword recall: BM25 over what an entry says, and how it is asked for, in all its languages. */
import MiniSearch, { type Options, type SearchOptions } from 'minisearch';
import { plainText } from '../glossary/markdown.ts';
import type { Entry, Glossary } from '../glossary/schema.ts';
import { type Forms, formsOf, withoutStopWords } from '../stems.ts';
import { allowedErrors } from '../words.ts';

/** An entry found by its words; `score` is BM25's, comparable within one query only. */
export interface KeywordMatch {
  slug: string;
  score: number;
  /** Share of the query's distinct words that the entry has, 0 to 1. */
  coverage: number;
}

export interface KeywordStore {
  /**
   * The `count` best entries that have any of the words and that `accept` lets through, best first. `languages`
   * are those the query may be in. A word that no entry has is taken for a typing error of one that some has.
   */
  search(
    query: string,
    count: number,
    languages: readonly string[],
    accept?: (slug: string) => boolean,
  ): KeywordMatch[];
}

interface Document {
  slug: string;
  names: string;
  questions: string;
  asked: string;
  definition: string;
  body: string;
}

/** Fields hold terms that are made already, with a space between them. */
const OPTIONS: Options<Document> = {
  idField: 'slug',
  fields: ['names', 'questions', 'asked', 'definition', 'body'],
  tokenize: (terms) => terms.split(' '),
  processTerm: (term) => term,
};

/** Titles say most about an entry, then how it is asked for, what it is, and the rest. */
const BOOST = { names: 4, questions: 2, asked: 2, definition: 1.5, body: 1 };

function documentOf({ slug, translations }: Entry): Document {
  const terms = (pick: (translation: Entry['translations'][string]) => readonly string[]) =>
    Object.entries(translations)
      .flatMap(([language, translation]) =>
        pick(translation).flatMap((text) => formsOf(text, [language]).flat()),
      )
      .join(' ');
  const named = new Set<string>();
  return {
    slug,
    names: terms(({ title, aliases }) =>
      [title, ...aliases].filter((name) => !named.has(name) && named.add(name)),
    ),
    questions: terms(({ questions }) => questions),
    asked: terms(({ asked }) => asked),
    definition: terms(({ definition }) => [plainText(definition)]),
    body: terms(({ whyItMatters, sections }) => [
      plainText(whyItMatters ?? ''),
      ...sections.flatMap(({ heading, text }) => [heading ?? '', plainText(text)]),
    ]),
  };
}

/** Indexes a glossary; the text is what `openKeywords` reads. */
export function serializeKeywords(glossary: Glossary): string {
  const index = new MiniSearch<Document>(OPTIONS);
  index.addAll(glossary.entries.map(documentOf));
  return JSON.stringify(index);
}

export function openKeywords(serialized: string): KeywordStore {
  const index = MiniSearch.loadJSON<Document>(serialized, OPTIONS);
  return {
    search(query, count, languages, accept) {
      const words = distinct(withoutStopWords(formsOf(query, languages)));
      if (words.length === 0) return [];
      const run = (options: SearchOptions) =>
        index.search([...new Set(words.flat())].join(' '), {
          boost: BOOST,
          combineWith: 'OR',
          ...(accept && { filter: ({ id }) => accept(id as string) }),
          ...options,
        });
      let found = run({});
      const met = new Set(found.flatMap(({ queryTerms }) => queryTerms));
      const unmet = new Set(
        words.filter((forms) => !forms.some((form) => met.has(form))).map(([word]) => word),
      );
      if (unmet.size > 0) {
        found = run({ fuzzy: (term) => (unmet.has(term) ? allowedErrors(term.length) : false) });
      }
      return found.slice(0, count).map(({ id, score, queryTerms }) => ({
        slug: id as string,
        score,
        coverage:
          words.filter((forms) => forms.some((form) => queryTerms.includes(form))).length / words.length,
      }));
    },
  };
}

function distinct(words: readonly Forms[]): Forms[] {
  return [...new Map(words.map((forms) => [forms[0], forms])).values()];
}
