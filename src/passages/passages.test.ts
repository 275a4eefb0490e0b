import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { readGlossary } from '../glossary/read.ts';
import { embeddedText, makePassages } from './passages.ts';
import { splitText } from './split.ts';

/** A stand-in for the tokenizer that anyone can count: one token a word. */
const countWords = async (texts: readonly string[]) =>
  texts.map((text) => text.split(/\s+/).filter(Boolean).length);

describe('makePassages', () => {
  it('makes one passage of each name, part and question, in every language', async () => {
    const glossary = await readGlossary(inject('fixture').content);
    const passages = (await makePassages(glossary, countWords)).filter(({ slug }) => slug === 'bert');
    const { en, pt } = glossary.entries.find(({ slug }) => slug === 'bert')!.translations;
    const of = (kind: string, language: string) =>
      passages
        .filter((passage) => passage.kind === kind && passage.language === language)
        .map(({ text }) => text);
    expect(of('name', 'en')).toEqual([en!.title, ...en!.aliases]);
    expect(of('name', 'pt'), 'BERT is already there in English').not.toContain('BERT');
    expect(of('question', 'en')).toEqual(en!.questions);
    expect(of('question', 'pt')).toEqual(pt!.questions);
    expect(of('definition', 'pt')).toHaveLength(1);
    expect(of('section', 'en').length).toBeGreaterThanOrEqual(en!.sections.length);
    expect(new Set(passages.map(({ id }) => id)).size).toBe(passages.length);
  });

  it('embeds text that answers with its title, names and questions alone', () => {
    const translation = {
      title: 'BERT',
      aliases: ['bidirectional encoder'],
      questions: [],
      asked: [],
      definition: '',
      whyItMatters: null,
      sections: [],
    };
    const base = { id: '', slug: 'bert', language: 'en', text: 'It reads.' };
    expect(embeddedText({ ...base, kind: 'definition', heading: null }, translation)).toBe(
      'BERT (bidirectional encoder): It reads.',
    );
    expect(embeddedText({ ...base, kind: 'section', heading: 'How' }, { ...translation, aliases: [] })).toBe(
      'BERT: How. It reads.',
    );
    expect(embeddedText({ ...base, kind: 'question', heading: null }, translation)).toBe('It reads.');
  });
});

describe('splitText', () => {
  it('leaves a short text as it is', async () => {
    expect(await splitText('One. Two.', 10, countWords)).toEqual(['One. Two.']);
  });

  it('splits at sentence ends, filling each piece', async () => {
    const pieces = await splitText('One two three. Four five. Six seven eight. Nine.', 5, countWords);
    expect(pieces).toEqual(['One two three. Four five.', 'Six seven eight. Nine.']);
  });

  it('splits a sentence that is too long between words', async () => {
    expect(await splitText('Short one. A b c d e f g', 4, countWords)).toEqual([
      'Short one.',
      'A b c d',
      'e f g',
    ]);
  });

  it('loses no word and keeps every piece within the limit, whatever the text', async () => {
    const word = fc.stringMatching(/^[a-zé]{1,8}$/);
    const sentence = fc.array(word, { minLength: 1, maxLength: 30 }).map((words) => `${words.join(' ')}.`);
    const text = fc.array(sentence, { minLength: 1, maxLength: 12 }).map((sentences) => sentences.join(' '));
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 25 }), async (input, limit) => {
        const pieces = await splitText(input, limit, countWords);
        expect(pieces.join(' ').split(/\s+/).join(' ').replace(/ \./g, '.')).toBe(input);
        for (const count of await countWords(pieces)) expect(count).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
