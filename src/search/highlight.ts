/** Which parts of a text to mark: the words that the query has, too. */
import { formsOfWord } from '../stems.ts';
import { isStopWord, wordsOf } from '../words.ts';

/** `[start, end)` offsets in the text, ascending, not overlapping. */
export type Range = [start: number, end: number];

/** Marks the words of `text` that occur in `query`, whatever their case, accents or ending (train, trained). */
export function highlight(text: string, language: string, query: string): Range[] {
  const forms = (word: string) => formsOfWord(word, [language]).flat();
  const wanted = new Set(
    wordsOf(query)
      .filter(({ folded }) => !isStopWord(folded))
      .flatMap(({ text: word }) => forms(word)),
  );
  return wordsOf(text)
    .filter(({ text: word, folded }) => !isStopWord(folded) && forms(word).some((form) => wanted.has(form)))
    .map(({ text: word, start }) => [start, start + word.length]);
}
