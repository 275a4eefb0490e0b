/** Text → words as they are compared: folded to lower case without accents, code-like tokens kept whole. */
import { eng, fra, por, spa } from 'stopword';

export interface Word {
  /** As it stands in the text. */
  text: string;
  /** As it is compared. */
  folded: string;
  /** Offset in the text. */
  start: number;
}

/** Letters and digits; `C++`, `C#`; and what is joined: `GPT-4`, `node.js`, `read/write`. */
const WORD = /[\p{L}\p{N}]+(?:[+#]+|(?:[-._/][\p{L}\p{N}]+)*)/gu;

export function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(WORD), (match) => ({
    text: match[0],
    folded: fold(match[0]),
    start: match.index,
  }));
}

export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

/** Folded, in English, Portuguese, Spanish and French. */
export const STOP_WORDS: ReadonlySet<string> = new Set([...eng, ...por, ...spa, ...fra].map(fold));

/** Words that say nothing about the subject, in any of the four languages. */
export function isStopWord(folded: string): boolean {
  return STOP_WORDS.has(folded);
}

/** Typing errors forgiven in a text of so many letters: fewer would turn GPT into GPU. */
export function allowedErrors(length: number): number {
  return length < 5 ? 0 : length < 8 ? 1 : length < 14 ? 2 : 3;
}
