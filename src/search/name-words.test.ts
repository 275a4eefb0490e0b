import { beforeAll, expect, inject, it } from 'vitest';
import { readGlossary } from '../glossary/read.ts';
import { NameWords } from './name-words.ts';

let names: NameWords;
beforeAll(async () => {
  names = new NameWords(await readGlossary(inject('fixture').content));
});

const ALL = ['en', 'pt', 'es', 'fr'];
const best = (query: string, languages = ALL) =>
  [...names.match(query, languages)].sort(([, a], [, b]) => b - a)[0];

it('is 1 for the words of a name in another order, ending or spelling', () => {
  expect(best('learning, supervised self')).toEqual(['self-supervised-learning', 1]);
  expect(best('self supervised learnings', ['en'])).toEqual(['self-supervised-learning', 1]);
  expect(best('aprendizado autosupervisionado')?.[0]).toBe('self-supervised-learning');
});

it('forgives a typing error in a word that no name has', () => {
  expect(best('self suprevised lerning')).toEqual(['self-supervised-learning', 1]);
  expect(best('backpropogation')).toEqual(['backpropagation', 1]);
});

it('is less for words too many or too few, and nothing for none in common', () => {
  expect(best('kv cache size')![0]).toBe('kv-cache');
  expect(best('kv cache size')![1]).toBeCloseTo(0.8);
  expect(names.match('weather tomorrow', ALL)).toEqual(new Map());
});

it('leaves sentences alone', () => {
  expect(
    names.match('why does my assistant keep inventing semantic search results for embeddings', ALL),
  ).toEqual(new Map());
});
