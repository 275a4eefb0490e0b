import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary.ts';
import { locateProblems, type Problem } from './problems.ts';
import { checkQuality, type QualityRules, type QualityTools } from './quality.ts';
import { readGlossary } from './read.ts';
import type { Entry, Glossary, Translation } from './schema.ts';
import { pairsByLetters, pairsByVector, TrigramIndex } from './similar-questions.ts';
import { countWords, formatSummary, summarize } from './summary.ts';

const RULES: QualityRules = {
  definition: { least: 3, most: 12 },
  whyItMatters: { least: 2, most: 5 },
  deepDive: { least: 4, most: 8 },
  languages: {
    en: { questions: 2, parts: ['whyItMatters', 'deepDive'] },
    pt: { questions: 1, parts: ['whyItMatters'] },
  },
};

const SETTINGS: Glossary['settings'] = {
  name: 'Test',
  defaultLanguage: 'en',
  languages: {
    en: { name: 'English', whyItMatters: 'Why it matters', deepDive: 'Deep dive' },
    pt: { name: 'Português', whyItMatters: 'Por que importa' },
  },
};

const TOKEN: Translation = {
  title: 'Token',
  aliases: ['subword'],
  questions: ['What is billed when a model reads my text?', 'pieces of words that a model counts'],
  asked: [],
  definition: 'A piece of text that a model reads as one unit.',
  whyItMatters: 'Prices count them.',
  sections: [{ heading: 'Counting', text: 'A word may be several.' }],
};

const TOKEN_PT: Translation = {
  title: 'Token',
  aliases: [],
  questions: ['Por que a fatura não conta palavras?'],
  asked: [],
  definition: 'Pedaço de texto que um modelo lê.',
  whyItMatters: 'O preço depende dele.',
  sections: [],
};

const BERT: Translation = {
  title: 'BERT',
  aliases: [],
  questions: ['Which encoder fills in blanks?', 'reads left and right at once'],
  asked: [],
  definition: 'An encoder that fills in blanks.',
  whyItMatters: 'Search engines use it.',
  sections: [{ heading: null, text: 'It reads both directions.' }],
};

const BERT_PT: Translation = {
  title: 'BERT',
  aliases: [],
  questions: ['Qual codificador preenche lacunas?'],
  asked: [],
  definition: 'Codificador que preenche lacunas de uma frase.',
  whyItMatters: 'Buscadores usam muito.',
  sections: [],
};

interface Changes {
  token?: Partial<Translation>;
  tokenPt?: Partial<Translation> | null;
  bert?: Partial<Translation>;
  bertPt?: Partial<Translation>;
  related?: string[];
  more?: Entry[];
}

function glossary({ token, tokenPt, bert, bertPt, related = ['token'], more = [] }: Changes = {}): Glossary {
  const translations: Record<string, Translation> = { en: { ...TOKEN, ...token } };
  if (tokenPt !== null) translations.pt = { ...TOKEN_PT, ...tokenPt };
  return {
    settings: SETTINGS,
    entries: [
      {
        slug: 'bert',
        category: 'Models',
        related,
        translations: { en: { ...BERT, ...bert }, pt: { ...BERT_PT, ...bertPt } },
      },
      { slug: 'token', category: 'Models', related: [], translations },
      ...more,
    ],
  };
}

function check(changes: Changes, tools?: QualityTools, rules = RULES): Promise<Problem[]> {
  return checkQuality(glossary(changes), rules, tools);
}

describe('checkQuality', () => {
  it('finds nothing in a glossary that is well written', async () => {
    const tools: QualityTools = {
      detectLanguage: () => undefined,
      evaluation: ['How do machines see?'],
      encoder: { sameFrom: 0.9, embed: async (texts) => texts.map((_, at) => unit(texts.length, at)) },
    };
    expect(await check({}, tools)).toEqual([]);
  });

  const definition = (words: number) => Array.from({ length: words }, (_, at) => `w${at}`).join(' ');

  const cases: [name: string, changes: Changes, problem: Partial<Problem> & { message: string }][] = [
    [
      'a definition that is too short',
      { token: { definition: definition(2) } },
      { slug: 'token', language: 'en', place: { heading: null }, message: 'the definition has 2 words' },
    ],
    [
      'a definition that is too long',
      { tokenPt: { definition: definition(13) } },
      { slug: 'token', language: 'pt', message: 'the definition has 13 words' },
    ],
    [
      '"why it matters" that is too long',
      { bertPt: { whyItMatters: definition(6) } },
      {
        language: 'pt',
        place: { heading: 'Por que importa' },
        message: '"Por que importa" has 6 words',
      },
    ],
    [
      'a deep dive that is too long in all its sections together',
      {
        bert: {
          sections: [
            { heading: null, text: definition(5) },
            { heading: 'Use', text: definition(4) },
          ],
        },
      },
      { slug: 'bert', place: { heading: 'Deep dive' }, message: 'the deep dive has 9 words' },
    ],
    [
      'too few questions',
      { token: { questions: ['only one'] } },
      { place: { matter: ['questions'] }, message: 'there are 1 questions', mend: 'Write at least 2' },
    ],
    [
      'a missing "why it matters"',
      { bertPt: { whyItMatters: null } },
      { language: 'pt', message: '"Por que importa" is missing' },
    ],
    ['a missing deep dive', { bert: { sections: [] } }, { message: '"Deep dive" is missing' }],
    [
      'a missing translation, at the file that is there',
      { tokenPt: null },
      {
        language: 'en',
        message: 'the entry is not written in Português',
        mend: 'Write pt/token.md',
      },
    ],
    [
      'a definition that begins with its title',
      { token: { definition: '**Token** is a piece of text.' } },
      { place: { heading: null }, message: 'the definition begins with its own title "Token"' },
    ],
    [
      'a definition that begins with an article and its title',
      { tokenPt: { definition: 'Um token é um pedaço de texto.' } },
      { language: 'pt', message: 'the definition begins with its own title "Token"' },
    ],
    [
      'a second question that names the title',
      { token: { questions: ['a token in German', 'price per token', 'what is billed'] } },
      {
        place: { matter: ['questions', 1] },
        message: 'the question "price per token" names "Token", as another one does',
      },
    ],
    [
      'a question that is nearly one of another entry',
      { token: { questions: ['Does any model fill gaps', 'Which encoder fills in the blanks?'] } },
      {
        slug: 'token',
        place: { matter: ['questions', 1] },
        message:
          'the question "Which encoder fills in the blanks?" is nearly equal to "Which encoder fills in blanks?" in en/bert.md',
      },
    ],
    [
      'a question that is nearly another one of its entry',
      { bert: { questions: ['reads left and right at once', 'Reads left and right, all at once!'] } },
      {
        slug: 'bert',
        place: { matter: ['questions', 1] },
        message:
          'the question "Reads left and right, all at once!" is nearly equal to "reads left and right at once" above it',
      },
    ],
    [
      'a sentence that stands in two entries',
      {
        token: {
          sections: [{ heading: 'Cost', text: 'It costs `more` than one thinks at first.' }],
        },
        bert: { definition: 'An encoder. It costs more than one thinks at first.' },
      },
      {
        slug: 'token',
        place: { heading: 'Cost' },
        message: 'the sentence "It costs more than one thinks at first." also stands in en/bert.md',
      },
    ],
    [
      'entries without a link in or out',
      { related: [] },
      {
        slug: 'bert',
        place: { matter: ['related'] },
        message: 'no entry links to this one, and it links to none',
      },
    ],
    [
      'titles that have no order',
      { token: { title: 'Top-05' }, bert: { title: 'top-5' } },
      { slug: 'token', message: 'the title "Top-05" is listed at the same place as "top-5" (bert)' },
    ],
  ];
  it.each(cases)('finds %s', async (_name, changes, problem) => {
    const found = await check(changes);
    expect(found).toContainEqual(expect.objectContaining(problem));
    expect(found.every(({ mend }) => mend !== '')).toBe(true);
  });

  const allowed: [name: string, changes: Changes][] = [
    ['lengths at both ends', { token: { definition: definition(3) }, bert: { definition: definition(12) } }],
    ['a definition with the title further on', { token: { definition: 'What a token counter counts.' } }],
    [
      'a definition whose first word only begins like it',
      { token: { definition: 'Tokenized text, a unit.' } },
    ],
    ['one question that names the title', { token: { questions: ['price per token', 'what is billed'] } }],
    [
      'short titles in many questions',
      { token: { title: 'GPU', questions: ['a GPU at home', 'rent another GPU'] } },
    ],
    [
      'the same question in two languages',
      { bertPt: { questions: [BERT.questions[0]!, 'lê dos dois lados de uma vez'] } },
    ],
    [
      'a short sentence that stands in two entries',
      { token: { whyItMatters: 'It costs more.' }, bert: { whyItMatters: 'It costs more.' } },
    ],
    [
      'a sentence that stands twice in one entry',
      {
        token: {
          definition: 'It costs more than one thinks at first.',
          sections: [{ heading: null, text: 'It costs more than one thinks at first.' }],
        },
      },
    ],
    [
      'titles with the same letters before a number',
      { token: { title: 'Top 5' }, bert: { title: 'Top 10' } },
    ],
  ];
  it.each(allowed)('allows %s', async (_name, changes) => {
    expect(await check(changes)).toEqual([]);
  });

  it('asks nothing of a language without rules, or of one that the glossary lacks', async () => {
    const { en, pt } = RULES.languages as Record<'en' | 'pt', QualityRules['languages'][string]>;
    expect(await check({ tokenPt: null }, {}, { ...RULES, languages: { en } })).toEqual([]);
    expect(await check({}, {}, { ...RULES, languages: { en, pt, fr: { questions: 4 } } })).toEqual([]);
  });

  it('finds a definition in another language of the glossary, when that is sure', async () => {
    const tools: QualityTools = {
      detectLanguage: (text, candidates) => {
        expect(candidates).toEqual(['en', 'pt']);
        if (text.includes('unsure')) return undefined;
        return text.startsWith('Pedaço') || text.startsWith('Codificador') ? 'pt' : 'en';
      },
    };
    expect(await check({ bertPt: { definition: 'An unsure encoder, perhaps.' } }, tools)).toEqual([]);
    expect(await check({ bertPt: { definition: 'An encoder of text.' } }, tools)).toMatchObject([
      {
        slug: 'bert',
        language: 'pt',
        message: 'the definition is in English',
        mend: 'Write it in Português',
      },
    ]);
  });

  it('finds a question of the evaluation, in other punctuation or nearly', async () => {
    const evaluation = ['which encoder fills in the blanks', 'What pays the bill?'];
    expect(await check({}, { evaluation })).toMatchObject([
      {
        slug: 'bert',
        place: { matter: ['questions', 0] },
        message:
          'the question "Which encoder fills in blanks?" is in the evaluation: "which encoder fills in the blanks"',
      },
    ]);
    expect(await check({}, { evaluation: ['What pays the bill?'] })).toEqual([]);
    expect(
      await check({ token: { asked: ['what is the bill for'] } }, { evaluation: ['What is the bill for?'] }),
    ).toMatchObject([{ slug: 'token', place: { asked: 'what is the bill for' } }]);
  });

  describe('with an encoder', () => {
    /** The questions in `same` get one vector, all others are orthogonal. */
    const encoder = (same: readonly string[]): NonNullable<QualityTools['encoder']> => ({
      sameFrom: 0.97,
      embed: async (texts) =>
        texts.map((text, at) => unit(texts.length + 1, same.includes(text) ? texts.length : at)),
    });

    it('finds questions of two entries that ask the same in other words', async () => {
      const [same, other] = [TOKEN.questions[0]!, BERT.questions[1]!];
      expect(await check({}, { encoder: encoder([same, other]) })).toMatchObject([
        {
          slug: 'token',
          place: { matter: ['questions', 0] },
          message: `the question "${same}" asks the same as "${other}" in en/bert.md`,
        },
      ]);
    });

    it('allows them within an entry and between languages', async () => {
      expect(await check({}, { encoder: encoder(TOKEN.questions) })).toEqual([]);
      expect(await check({}, { encoder: encoder([TOKEN.questions[0]!, BERT_PT.questions[0]!]) })).toEqual([]);
    });

    it('reports two questions that are equal in letters too only once', async () => {
      const questions = ['Which encoder fills in the blanks?', 'what is billed'];
      const found = await check(
        { token: { questions } },
        { encoder: encoder([questions[0]!, BERT.questions[0]!]) },
      );
      expect(found).toMatchObject([{ message: expect.stringContaining('is nearly equal to') }]);
    });
  });
});

function unit(dimensions: number, at: number): Float32Array {
  const vector = new Float32Array(dimensions);
  vector[at] = 1;
  return vector;
}

describe('similar questions', () => {
  it('finds by the index every pair that comparing all would find', () => {
    const word = fc.constantFrom('model', 'token', 'train', 'a', 'the', 'memory', 'gpu', 'forgets', '24');
    const text = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 30 }), fc.constantFrom(0.5, 0.8, 1), (texts, least) => {
        const trigrams = (value: string) =>
          new Set(Array.from({ length: value.length }, (_, at) => ` ${value} `.slice(at, at + 3)));
        const index = new TrigramIndex(texts, least);
        for (const query of texts) {
          const set = trigrams(query);
          const expected = [...texts.keys()].filter((position) => {
            const other = trigrams(texts[position]!);
            const shared = [...set].filter((trigram) => other.has(trigram)).length;
            return shared / (set.size + other.size - shared) >= least;
          });
          expect(index.similarTo(query)).toEqual(expected);
        }
      }),
    );
  });

  it('compares without case, accents and punctuation', () => {
    expect(pairsByLetters(['Não conta, palavras?', 'nao conta palavras', 'outra coisa'])).toEqual([[1, 0]]);
  });

  it('finds vectors from a cosine on, also where only the last dimensions differ', () => {
    const at = (angle: number) => {
      const vector = new Float32Array(100);
      vector[98] = Math.cos(angle);
      vector[99] = Math.sin(angle);
      return vector;
    };
    const [near, far] = [Math.acos(0.98), Math.acos(0.96)];
    expect(pairsByVector([at(0), at(near), at(-far)], 0.97)).toEqual([[1, 0]]);
  });

  it('takes a few thousand questions in seconds', () => {
    const texts = Array.from(
      { length: 4000 },
      (_, at) => `${at * 7919} models train on ${at * 104_729} tokens`,
    );
    const start = performance.now();
    pairsByLetters(texts);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('locateProblems', () => {
  it('gives file and line of each place, in file order', async () => {
    const folder = await temporaryFolder();
    const write = async (file: string, text: string) => {
      await mkdir(join(folder, file, '..'), { recursive: true });
      await writeFile(join(folder, file), text);
    };
    await write(
      'glossary.yaml',
      'name: X\ndefaultLanguage: en\nlanguages: { en: { name: English, whyItMatters: Why it matters } }\n',
    );
    await write(
      'en/vpn.md',
      '---\ntitle: VPN\nquestions:\n  - one tunnel\n  - One tunnel, too\n  - a one tunnel\n---\n\nVPN: a tunnel.\n\n## Why it matters\n\nNo.\n',
    );
    const problems = await checkQuality(await readGlossary(folder), {
      ...RULES,
      languages: { en: { questions: 4 } },
    });
    const findings = await locateProblems(folder, problems);
    expect(findings.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([
      'en/vpn.md:4 there are 3 questions',
      'en/vpn.md:6 the question "a one tunnel" is nearly equal to "one tunnel" above it',
      'en/vpn.md:9 the definition begins with its own title "VPN"',
      'en/vpn.md:11 "Why it matters" has 1 words',
    ]);
  });
});

describe('summarize', () => {
  it('counts entries, words, questions, aliases, links and categories', () => {
    const summary = summarize(glossary());
    expect(summary).toEqual({
      entries: 2,
      languages: [
        { language: 'en', entries: 2, words: 33, questions: 4, aliases: 1 },
        { language: 'pt', entries: 2, words: 21, questions: 2, aliases: 0 },
      ],
      links: 1,
      linksPerEntry: 0.5,
      categories: [{ category: 'Models', entries: 2 }],
      notLinkedTo: ['bert'],
    });
    expect(formatSummary(summary)).toContain('1 that no entry links to: bert.');
  });

  it('keeps the order of the named categories, also of those without entries', () => {
    const { entries } = glossary();
    const categories = [
      { id: 'Tools', names: {} },
      { id: 'Models', names: {} },
    ];
    expect(summarize({ settings: { ...SETTINGS, categories }, entries }).categories).toEqual([
      { category: 'Tools', entries: 0 },
      { category: 'Models', entries: 2 },
    ]);
  });

  it('counts words as a reader does', () => {
    expect(countWords('**Fine-tuning** – with `a + b` – costs [14 GB](https://x.y).')).toBe(7);
    expect(countWords("l'entraînement d'un modèle")).toBe(3);
  });
});
