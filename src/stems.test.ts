import { describe, expect, it } from 'vitest';
import { formsOf, withoutStopWords } from './stems.ts';

describe('forms of words', () => {
  it('are the word and the stem it shares with its other endings', () => {
    const [trained] = formsOf('trained', ['en']);
    const [training] = formsOf('Training', ['en']);
    expect(trained![0]).toBe('trained');
    expect(trained![1]).toBe(training![1]);
    expect(formsOf('redes', ['pt'])[0]).toContain(formsOf('rede', ['pt'])[0]!.at(-1));
    expect(formsOf('entraînée', ['fr'])[0]!.at(-1)).toBe(formsOf('entraîner', ['fr'])[0]!.at(-1));
  });

  it('of a query whose language is unknown are those of every language', () => {
    expect(new Set(formsOf('modelos', ['en', 'es', 'pt'])[0])).toEqual(
      new Set(['en', 'es', 'pt'].flatMap((language) => formsOf('modelos', [language])[0]!)),
    );
  });

  it('leave codes alone, and take joined words apart as well', () => {
    expect(formsOf('GPT-4 in node.js', ['en']).map(([word]) => word)).toEqual([
      'gpt-4',
      'gpt',
      '4',
      'in',
      'node.js',
      'node',
      'js',
    ]);
    expect(formsOf('C++', ['en'])).toEqual([['c++']]);
  });

  it('of a language without a stemmer are the words alone', () => {
    expect(formsOf('Netze', ['de'])).toEqual([['netze']]);
  });

  it('without stop words are what the text is about, or all if it is about nothing', () => {
    const words = (text: string) => withoutStopWords(formsOf(text, [])).map(([word]) => word);
    expect(words('What is the attention?')).toEqual(['attention']);
    expect(words('the who')).toEqual(['the', 'who']);
  });
});
