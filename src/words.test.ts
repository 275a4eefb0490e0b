import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isStopWord, STOP_WORDS, wordsOf } from './words.ts';

describe('words', () => {
  it('are folded, with code-like tokens and joined words kept whole', () => {
    expect(wordsOf('O que é C++ no GPT-4?').map(({ folded }) => folded)).toEqual([
      'o',
      'que',
      'e',
      'c++',
      'no',
      'gpt-4',
    ]);
  });

  it('without a meaning are known in all four languages', () => {
    expect(['the', 'não', 'pero', 'avec'].map((word) => isStopWord(word.normalize('NFC')))).toEqual([
      true,
      false, // not folded
      true,
      true,
    ]);
    expect(isStopWord('attention')).toBe(false);
  });

  it('without a meaning are the same when the encoder is trained', async () => {
    const list = await readFile(
      new URL('../scripts/encoder/training/stop_words.txt', import.meta.url),
      'utf8',
    );
    expect(new Set(list.trim().split('\n'))).toEqual(STOP_WORDS);
  });
});
