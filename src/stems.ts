/** Words → the forms under which they are found: themselves, and the stem that their endings share. */
import { stemmer as english } from '@orama/stemmers/english';
import { stemmer as french } from '@orama/stemmers/french';
import { stemmer as portuguese } from '@orama/stemmers/portuguese';
import { stemmer as spanish } from '@orama/stemmers/spanish';
import { LRUCache } from 'lru-cache';
import { fold, isStopWord, wordsOf } from './words.ts';

const REMEMBERED_WORDS = 20_000;

const STEMMERS: Record<string, (word: string) => string> = {
  en: remembered(english),
  pt: remembered(portuguese),
  es: remembered(spanish),
  fr: remembered(french),
};

/** A stemmer that folds what it gives; stemming a word again would cost most of a search's time for highlights. */
function remembered(stemmer: (word: string) => string): (word: string) => string {
  const known = new LRUCache<string, string>({ max: REMEMBERED_WORDS });
  return (word) => {
    const stem = known.get(word) ?? fold(stemmer(word));
    known.set(word, stem);
    return stem;
  };
}

/** What is no plain word (GPT-4, C++) has no endings, and very short words are left alone. */
const STEMMED = /^\p{L}{3,}$/u;

/** A word of a text: itself, folded, and then its stems where they differ. */
export type Forms = [word: string, ...stems: string[]];

/**
 * The words of `text` with their stems in `languages` (codes such as `pt` or `pt-BR`); a joined word counts as
 * itself and as its parts. A language without a stemmer gives the words alone.
 */
export function formsOf(text: string, languages: readonly string[]): Forms[] {
  const stemmers = languages.flatMap((code) => STEMMERS[code.split('-')[0]!] ?? []);
  return wordsOf(text)
    .flatMap((word) => withParts(word.text))
    .map((word) => {
      // Stemmers know a language's accents, so folding comes after.
      const lower = word.normalize('NFC').toLowerCase();
      const stems = STEMMED.test(lower) ? stemmers.map((stem) => stem(lower)) : [];
      return [...new Set([fold(word), ...stems])] as Forms;
    });
}

/** Those that say something; all of them if none does ("the who"). */
export function withoutStopWords(words: readonly Forms[]): readonly Forms[] {
  const meaningful = words.filter(([word]) => !isStopWord(word));
  return meaningful.length > 0 ? meaningful : words;
}

function withParts(word: string): string[] {
  const parts = word.split(/[-._/]/).filter((part) => part !== '');
  return parts.length > 1 ? [word, ...parts] : [word];
}
