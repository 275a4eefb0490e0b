import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { openEncoder } from '../encoder/encoder.ts';
import { Engine } from './engine.ts';
import { highlight } from './highlight.ts';
import { detectLanguage, matchLanguage } from './language.ts';
import { openLateInteraction } from './late-interaction.ts';
import { type SearchRequest, search } from './search.ts';

const { indexDir, encoder } = inject('fixture');
let engine: Engine;
beforeAll(async () => {
  engine = await Engine.open({ indexDir, encoder });
});
afterAll(() => engine.close());

const ask = (query: string, more: Partial<SearchRequest> = {}) =>
  engine.search({ query, limit: 5, mode: 'hybrid', explain: false, ...more });
const first = async (query: string, more: Partial<SearchRequest> = {}) =>
  (await ask(query, more)).results[0]!;

describe('search', () => {
  it.each([
    ['how can a model learn from data nobody labelled', 'en'],
    ['como um modelo pode aprender com dados que ninguém rotulou', 'pt'],
    ['¿cómo puede un modelo aprender de datos que nadie ha etiquetado?', 'es'],
    ["comment un modèle apprend-il de données que personne n'a étiquetées ?", 'fr'],
  ])('answers "%s" and shows it in that language', async (query, language) => {
    const result = await ask(query);
    expect(result).toMatchObject({
      language,
      answered: true,
      degraded: false,
      truncated: false,
      calibrated: true,
    });
    expect(result.results[0]).toMatchObject({ slug: 'self-supervised-learning', language });
  });

  it('chooses by "language" what is shown, never what is found', async () => {
    const query = 'how can a model learn from data nobody labelled';
    const english = await ask(query);
    const french = await ask(query, { language: 'fr' });
    expect(french.results.map(({ slug }) => slug)).toEqual(english.results.map(({ slug }) => slug));
    expect(french.results[0]!.title).toMatch(/^Apprentissage/);
    expect((await first('BERT', { language: 'fr' })).language, 'BERT has no French text here').toBe('en');
  });

  it('shows the fallback language for what could be any language', async () => {
    expect((await ask('GPT', { fallbackLanguage: 'pt' })).language).toBe('pt');
    expect((await ask('GPT')).language).toBe('en');
  });

  it.each([
    ['backpropogation', 'backpropagation', 'Backpropagation'],
    ['alucinacao', 'hallucination', null],
    ['kv caching', 'kv-cache', null],
    ['bert', 'bert', null],
  ])('finds the name meant by "%s"', async (query, slug, corrected) => {
    const result = await ask(query);
    expect(result.results[0]!.slug).toBe(slug);
    if (corrected) expect(result.corrected).toBe(corrected);
    else expect(result.corrected === null || result.corrected.length > 0).toBe(true);
  });

  it('gives the nearest entries to an off-topic question and says that it has no answer', async () => {
    for (const query of [
      'train my dog to fetch',
      'melhor receita de pão de queijo',
      'football results of last night',
    ]) {
      const result = await ask(query);
      expect(result.answered, query).toBe(false);
      expect(result.results.length).toBeGreaterThan(0);
    }
  });

  it('shows the definition, and the question, when a question is what matched', async () => {
    const { questions } = engine.index.entry('overfitting')!.translations.en!;
    const hit = await first(questions[0]!);
    expect(hit).toMatchObject({ slug: 'overfitting', match: { kind: 'question', question: questions[0] } });
    expect(hit.match.text).toBe(hit.definition);
  });

  it('scores between 0 and 1, best first, ranks from 1, as many as asked for', async () => {
    const { results } = await ask('predict the next word', { limit: 3 });
    expect(results.map(({ rank }) => rank)).toEqual([1, 2, 3]);
    const scores = results.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    for (const score of scores) expect(score).toBeGreaterThanOrEqual(0);
    for (const score of scores) expect(score).toBeLessThanOrEqual(1);
  });

  it('restricts to categories', async () => {
    const { results } = await ask('learning', { categories: ['Safety', 'Models'], limit: 50 });
    expect(results.length).toBeGreaterThan(0);
    for (const { category } of results) expect(['Safety', 'Models']).toContain(category);
  });

  it('explains each score by contributions that add up to its logit', async () => {
    const { signals, score } = await first('masked words', { explain: true });
    const logit = Object.values(signals!).reduce((total, part) => total + part, 0);
    expect(1 / (1 + Math.exp(-logit))).toBeCloseTo(score, 3);
  });

  it('works by keywords alone, and by vectors alone', async () => {
    expect(await first('masked language modeling', { mode: 'keyword' })).toMatchObject({
      slug: 'masked-language-modeling',
    });
    expect(await first('fill in hidden words', { mode: 'semantic' })).toMatchObject({
      slug: 'masked-language-modeling',
    });
    expect((await ask('qwertzuiop', { mode: 'keyword' })).results).toEqual([]);
  });

  it('answers by keywords and says "degraded" for a script that the encoder cannot read', async () => {
    expect(await ask('什么是 BERT 在机器学习中的作用和意义', { limit: 1 })).toMatchObject({
      degraded: true,
      results: [{ slug: 'bert' }],
    });
  });

  it('answers by keywords when the encoder or late interaction fails, and tells the operator', async () => {
    const fails = async () => {
      throw new Error('out of memory');
    };
    const opened = await openEncoder(encoder);
    const working = await openLateInteraction();
    const parts = { index: engine.index, names: engine.names, encoder: opened, late: working };
    const request: SearchRequest = { query: 'masked words', limit: 1, mode: 'hybrid', explain: false };
    for (const broken of [
      { encoder: { ...opened, encodeQuery: fails } },
      { late: { ...working, score: fails } },
    ]) {
      const onDegraded = vi.fn();
      expect(await search({ ...parts, ...broken, onDegraded }, request)).toMatchObject({
        degraded: true,
        calibrated: false,
        results: [{ slug: 'masked-language-modeling' }],
      });
      expect(onDegraded).toHaveBeenCalledOnce();
    }
    await Promise.all([opened.close(), working.close()]);
  });

  it('says when the end of a question was not read', async () => {
    expect(await ask('why '.repeat(150))).toMatchObject({ truncated: true });
  });

  it('gives the same answer to the same question', async () => {
    const strip = ({ timings, ...rest }: Awaited<ReturnType<typeof ask>>) => rest;
    expect(strip(await ask('what is attention'))).toEqual(strip(await ask('what is attention')));
  });

  it('goes on answering while its index is replaced', async () => {
    const answers = Promise.all(Array.from({ length: 20 }, (_, at) => ask(`what is attention ${at}`)));
    await engine.reload();
    for (const { results } of await answers) expect(results.length).toBeGreaterThan(0);
  });
});

describe('related', () => {
  it("gives the editors' links first, in their order, then what is near, never itself", () => {
    const { related } = engine.index.entry('bert')!;
    const terms = engine.related('bert', 'pt', related.length + 4);
    expect(terms.slice(0, related.length).map(({ slug }) => slug)).toEqual(related);
    expect(terms.slice(related.length).every(({ reason }) => reason === 'similar')).toBe(true);
    expect(terms).toHaveLength(related.length + 4);
    expect(new Set(terms.map(({ slug }) => slug)).size).toBe(terms.length);
    expect(terms.map(({ slug }) => slug)).not.toContain('bert');
    expect(terms[0]!.language).toBe('pt');
    expect(engine.related('nothing', 'en', 5)).toEqual([]);
  });
});

describe('languages', () => {
  const all = ['en', 'pt', 'es', 'fr'];
  it('are told where there is enough to tell', () => {
    expect(detectLanguage('Por que a minha rede esquece o que aprendeu?', all)).toBe('pt');
    expect(detectLanguage('Pourquoi le modèle oublie-t-il ?', all)).toBe('fr');
    expect(detectLanguage('12345', all)).toBeUndefined();
    expect(detectLanguage('Warum vergisst das Netz?', all)).toBeUndefined();
  });
  it('are matched by their first part', () => {
    expect(matchLanguage('pt-BR', all)).toBe('pt');
    expect(matchLanguage('PT', all)).toBe('pt');
    expect(matchLanguage('pt', ['en', 'pt-PT'])).toBe('pt-PT');
    expect(matchLanguage('de', all)).toBeUndefined();
  });
});

describe('highlight', () => {
  it('marks the words that a text shares with the question, whatever accent or ending', () => {
    const text = 'A rede é treinada em dados rotulados.';
    const marked = highlight(text, 'pt', 'Como treinar com dados ROTULADO?').map(([start, end]) =>
      text.slice(start, end),
    );
    expect(marked).toEqual(['treinada', 'dados', 'rotulados']);
    expect(highlight('How is it?', 'en', 'how is that')).toEqual([]);
  });
});
