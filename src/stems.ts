/** Words → the forms under which they are found: themselves, and the stem that their endings share. */
import { stemmer as english } from '@orama/stemmers/english';
import { stemmer as french } from '@orama/stemmers/french';
import { stemmer as portuguese } from '@orama/stemmers/portuguese';
import { stemmer as spanish } from '@orama/stemmers/spanish';
import { LRUCache } from 'lru-cache';
import { fold, isStopWord, wordsOf } from './words.ts';

const STEMMERS: Record<string, (word: string) => string> = {
  en: english,
  pt: portuguese,
  es: spanish,
  fr: french,
};

const REMEMBERED_WORDS = 50_000;

/** Forms by languages and word: the same words are met in every hit of every search. */
const remembered = new LRUCache<string, Forms[]>({ max: REMEMBERED_WORDS });

/** What is no plain word (GPT-4, C++) has no endings, and very short words are left alone. */
const STEMMED = /^\p{L}{3,}$/u;

/** A word of a text: itself, folded, and then its stems where they differ. */
export type Forms = [word: string, ...stems: string[]];

/**
 * The words of `text` with their stems in `languages` (codes such as `pt` or `pt-BR`); a joined word counts as
 * itself and as its parts. A language without a stemmer gives the words alone.
 */
export function formsOf(text: string, languages: readonly string[]): Forms[] {
  return wordsOf(text).flatMap((word) => formsOfWord(word.text, languages));
}

/** The same for one word, as `wordsOf` gives it. */
export function formsOfWord(word: string, languages: readonly string[]): Forms[] {
  const key = `${languages.join(' ')}\0${word}`;
  const known = remembered.get(key);
  if (known) return known;
  const stemmers = languages.flatMap((code) => STEMMERS[code.split('-')[0]!] ?? []);
  const forms = withParts(word).map((part) => {
    // Stemmers know a language's accents, so folding comes after.
    const lower = part.normalize('NFC').toLowerCase();
    const stems = STEMMED.test(lower) ? stemmers.map((stem) => fold(stem(lower))) : [];
    return [...new Set([fold(part), ...stems])] as Forms;
  });
  remembered.set(key, forms);
  return forms;
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
