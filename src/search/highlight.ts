/** Which parts of a text to mark: the words that the query has, too. */
import { isStopWord, wordsOf } from '../words.ts';

/** `[start, end)` offsets in the text, ascending, not overlapping. */
export type Range = [start: number, end: number];

const SHORTEST_STEM = 4;

/** Marks the words of `text` that occur in `query`, whatever their case, accents or ending (train, trained). */
export function highlight(text: string, query: string): Range[] {
  const wanted = wordsOf(query)
    .map(({ folded }) => folded)
    .filter((word) => !isStopWord(word));
  const matches = (word: string) => wanted.some((other) => word === other || sameStem(word, other));
  return wordsOf(text)
    .filter(({ folded }) => !isStopWord(folded) && matches(folded))
    .map(({ text: word, start }) => [start, start + word.length]);
}

/** Words that share all but a short ending: not a stemmer, but right in four languages for marking. */
function sameStem(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  const longest = Math.max(a.length, b.length);
  if (shorter < SHORTEST_STEM || longest - shorter > 3) return false;
  const stem = Math.max(SHORTEST_STEM, longest - 3);
  return a.slice(0, stem) === b.slice(0, stem);
}
