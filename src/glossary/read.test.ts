import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary.ts';
import { ContentError, type Finding } from './findings.ts';
import { readGlossary } from './read.ts';

const SETTINGS = `name: Test
defaultLanguage: en
languages:
  en: { name: English, whyItMatters: Why it matters, deepDive: Deep dive }
  pt: { name: Português, whyItMatters: Por que importa, deepDive: Em detalhe }
categories:
  - { id: Models, names: { pt: Modelos } }
`;

const TOKEN = `---
title: Token
aliases: [subword]
category: Models
related: [bert]
questions:
  - What is billed when a model reads my text?
---
A piece of text that a model reads as one unit.

## Why it matters

Prices count them.

## Deep dive

A word may be several.

### Counting

Count with the model's own tokenizer.
`;

const BERT = `---
title: BERT
category: Models
related: [token]
---
An encoder that fills in blanks.
`;

async function glossary(files: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries({
    'glossary.yaml': SETTINGS,
    'en/token.md': TOKEN,
    'en/bert.md': BERT,
    ...files,
  })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

async function findings(files: Record<string, string>): Promise<Finding[]> {
  const error = await readGlossary(await glossary(files)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ContentError);
  return (error as ContentError).findings;
}

describe('readGlossary', () => {
  it('reads every part of an entry', async () => {
    const { entries } = await readGlossary(await glossary({}));
    const token = entries.find(({ slug }) => slug === 'token')!;
    expect(token).toMatchObject({ category: 'Models', related: ['bert'] });
    expect(token.translations.en).toEqual({
      title: 'Token',
      aliases: ['subword'],
      questions: ['What is billed when a model reads my text?'],
      asked: [],
      definition: 'A piece of text that a model reads as one unit.',
      whyItMatters: 'Prices count them.',
      sections: [
        { heading: null, text: 'A word may be several.' },
        { heading: 'Counting', text: "Count with the model's own tokenizer." },
      ],
    });
  });

  it('reads further ways of asking for an entry', async () => {
    const { entries } = await readGlossary(
      await glossary({
        'en/questions.tsv': 'token\twhy do emoji cost more?\n\nbert\tfills gaps\ntoken\tprice per word\n',
      }),
    );
    expect(entries.map(({ translations }) => translations.en!.asked)).toEqual([
      ['fills gaps'],
      ['why do emoji cost more?', 'price per word'],
    ]);
  });

  it('finds what is wrong with further ways of asking, with file, line and mend', async () => {
    const found = await findings({
      'en/questions.tsv': 'token\tis it billed?\nno tab\nbert\tIs it billed?\ngpt\twhat now?\nbert\ta\tb\n',
    });
    expect(found.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([
      'en/questions.tsv:2 is not a slug, a tab and a question',
      'en/questions.tsv:3 "Is it billed?" is asked for token already',
      'en/questions.tsv:4 there is no en/gpt.md',
      'en/questions.tsv:5 is not a slug, a tab and a question',
    ]);
  });

  it('reads the fixture glossary in four languages', async () => {
    const { entries } = await readGlossary(inject('fixture').content);
    expect(entries).toHaveLength(15);
    const languages = new Set(entries.flatMap(({ translations }) => Object.keys(translations)));
    expect([...languages].sort()).toEqual(['en', 'es', 'fr', 'pt']);
  });

  it('takes any folder of Markdown when no headings or categories are named', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'en'));
    await writeFile(
      join(folder, 'glossary.yaml'),
      'name: X\ndefaultLanguage: en\nlanguages: { en: { name: English } }\n',
    );
    await writeFile(
      join(folder, 'en', 'vpn.md'),
      '---\ntitle: VPN\nauthor: Ada\n---\nA tunnel.\n\nMore of it.\n\n# Use\n\nAt cafés.\n',
    );
    const { entries } = await readGlossary(folder);
    expect(entries[0]!.translations.en).toMatchObject({
      definition: 'A tunnel.',
      sections: [
        { heading: null, text: 'More of it.' },
        { heading: 'Use', text: 'At cafés.' },
      ],
      extra: { author: 'Ada' },
    });
  });

  const cases: [name: string, files: Record<string, string>, file: string, line: number, message: RegExp][] =
    [
      [
        'a category that is not in the settings',
        { 'en/bert.md': BERT.replace('Models', 'Modles') },
        'en/bert.md',
        3,
        /unknown category "Modles"/,
      ],
      [
        'a missing category',
        { 'en/bert.md': BERT.replace('category: Models\n', '') },
        'en/bert.md',
        2,
        /"category" is missing/,
      ],
      [
        'a link to nothing',
        { 'en/bert.md': BERT.replace('[token]', '[token, gpt]') },
        'en/bert.md',
        4,
        /"gpt" does not exist/,
      ],
      [
        'a link to itself',
        { 'en/bert.md': BERT.replace('[token]', '[bert]') },
        'en/bert.md',
        4,
        /related to itself/,
      ],
      [
        'a link given twice',
        { 'en/bert.md': BERT.replace('[token]', '[token, token]') },
        'en/bert.md',
        4,
        /linked twice/,
      ],
      [
        'an unknown front-matter key',
        { 'en/bert.md': BERT.replace('related:', 'relatd:') },
        'en/bert.md',
        2,
        /relatd/,
      ],
      ['a missing title', { 'en/bert.md': BERT.replace('title: BERT\n', '') }, 'en/bert.md', 2, /"title"/],
      [
        'front matter that is no YAML',
        { 'en/bert.md': BERT.replace('title: BERT', 'title: BERT: a model') },
        'en/bert.md',
        2,
        /YAML/,
      ],
      [
        'no definition',
        { 'en/bert.md': BERT.replace('An encoder that fills in blanks.\n', '') },
        'en/bert.md',
        1,
        /no definition/,
      ],
      [
        'a definition of two paragraphs',
        { 'en/bert.md': `${BERT}\nAnd more.\n` },
        'en/bert.md',
        6,
        /more than one paragraph/,
      ],
      [
        'an unknown heading',
        { 'en/bert.md': `${BERT}\n## Why it mattters\n\nText.\n` },
        'en/bert.md',
        8,
        /unknown heading "Why it mattters"/,
      ],
      [
        'a heading without text',
        { 'en/bert.md': `${BERT}\n## Why it matters\n` },
        'en/bert.md',
        8,
        /has no text/,
      ],
      [
        'an alias that is the name of another entry',
        { 'en/bert.md': BERT.replace('title: BERT', 'title: BERT\naliases: [Sub-word, tokén]') },
        'en/bert.md',
        3,
        /"tokén" is also a name of "token"/,
      ],
      [
        'a name given twice',
        { 'en/bert.md': BERT.replace('title: BERT', 'title: BERT\naliases: [bert]') },
        'en/bert.md',
        3,
        /twice/,
      ],
      [
        'a translation without an entry',
        { 'pt/gpt.md': '---\ntitle: GPT\n---\nUm modelo.\n' },
        'pt/gpt.md',
        1,
        /no readable en\/gpt\.md/,
      ],
      [
        'a category in a translation',
        { 'pt/bert.md': '---\ntitle: BERT\ncategory: Models\n---\nUm codificador.\n' },
        'pt/bert.md',
        2,
        /category/,
      ],
      ['a file name that is no slug', { 'en/Big Data.md': BERT }, 'en/Big Data.md', 1, /no slug/],
      ['a folder of an unknown language', { 'de/bert.md': BERT }, 'de', 1, /no language/],
      [
        'a default language that is not there',
        { 'glossary.yaml': SETTINGS.replace('defaultLanguage: en', 'defaultLanguage: fr') },
        'glossary.yaml',
        2,
        /one of the languages/,
      ],
    ];
  it.each(cases)('finds %s, with file, line and mend', async (_name, files, file, line, message) => {
    const found = await findings(files);
    const finding = found.find((candidate) => candidate.file === file && message.test(candidate.message));
    expect(finding, JSON.stringify(found)).toBeDefined();
    expect(finding!.line).toBe(line);
    expect(finding!.mend).toMatch(/\w/);
  });

  it('reports all findings at once, each on a line of its own', async () => {
    const folder = await glossary({
      'en/bert.md': BERT.replace('[token]', '[bert, gpt]').replace('Models', 'X'),
    });
    await expect(readGlossary(folder)).rejects.toThrow(
      /3 problems in .*\n.*en\/bert\.md:3: .*\n.*en\/bert\.md:4: .*\n.*en\/bert\.md:4: /,
    );
  });

  it('says what to do when the folder or the settings are missing', async () => {
    const folder = await temporaryFolder();
    await expect(readGlossary(join(folder, 'nowhere'))).rejects.toThrow(/no content folder.*CONTENT/);
    await expect(readGlossary(folder)).rejects.toThrow(/glossary\.yaml:1: is missing/);
  });

  it('finds a question that two entries claim', async () => {
    const text = await readFile(join(await glossary({}), 'en/token.md'), 'utf8');
    const question = text.match(/questions:\n.*\n/)![0];
    const found = await findings({ 'en/bert.md': BERT.replace('related:', `${question}related:`) });
    expect(found).toMatchObject([
      { file: 'en/token.md', line: 7, message: expect.stringContaining('also stands in en/bert.md') },
    ]);
  });
});
