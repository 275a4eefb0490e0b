/** Keyword recall: BM25 over what an entry says in all its languages. */
import MiniSearch, { type Options } from 'minisearch';
import { plainText } from '../glossary/markdown.ts';
import type { Entry, Glossary } from '../glossary/schema.ts';
import { isStopWord, termsOf } from '../words.ts';

/** An entry found by its words; `score` is BM25's, comparable within one query only. */
export interface KeywordMatch {
  slug: string;
  score: number;
  /** Share of the query's distinct words that the entry has, 0 to 1. */
  coverage: number;
}

export interface KeywordStore {
  /** The `count` best entries that have any of the words and that `accept` lets through, best first. */
  search(query: string, count: number, accept?: (slug: string) => boolean): KeywordMatch[];
}

interface Document {
  slug: string;
  names: string;
  questions: string;
  definition: string;
  body: string;
}

const OPTIONS: Options<Document> = {
  idField: 'slug',
  fields: ['names', 'questions', 'definition', 'body'],
  tokenize: termsOf,
  processTerm: (term) => term,
};

/** Titles say most about an entry, then what people ask, what it is, and the rest. */
const BOOST = { names: 4, questions: 2, definition: 1.5, body: 1 };

function documentOf(entry: Entry): Document {
  const translations = Object.values(entry.translations);
  const joined = (pick: (translation: (typeof translations)[number]) => string[]) =>
    translations.flatMap(pick).join(' \n');
  return {
    slug: entry.slug,
    names: [...new Set(translations.flatMap(({ title, aliases }) => [title, ...aliases]))].join(' \n'),
    questions: joined(({ questions }) => questions),
    definition: joined(({ definition }) => [plainText(definition)]),
    body: joined(({ whyItMatters, sections }) => [
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

/** The query's distinct terms, without stop words unless it has nothing else ("the who"). */
function contentTerms(query: string): string[] {
  const terms = [...new Set(termsOf(query))];
  const content = terms.filter((term) => !isStopWord(term));
  return content.length > 0 ? content : terms;
}

export function openKeywords(serialized: string): KeywordStore {
  const index = MiniSearch.loadJSON<Document>(serialized, OPTIONS);
  return {
    search(query, count, accept) {
      const terms = contentTerms(query);
      if (terms.length === 0) return [];
      return index
        .search(terms.join(' '), {
          tokenize: (text) => text.split(' '),
          boost: BOOST,
          combineWith: 'OR',
          ...(accept && { filter: ({ id }) => accept(id as string) }),
        })
        .slice(0, count)
        .map(({ id, score, queryTerms }) => ({
          slug: id as string,
          score,
          coverage: queryTerms.length / terms.length,
        }));
    },
  };
}
