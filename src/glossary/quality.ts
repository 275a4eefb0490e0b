/** Whether a glossary that can be read is also written as its style sheet asks. */
import { plainText } from './markdown.ts';
import { normalizeName } from './names.ts';
import { fileOf, type Place, type Problem } from './problems.ts';
import type { Entry, Glossary, Translation } from './schema.ts';
import { type Pair, pairsByLetters, pairsByVector, TrigramIndex } from './similar-questions.ts';
import { countWords, slugsLinkedTo, textsOf } from './summary.ts';
import { inTitleOrder } from './view.ts';

/** Words of a part, both ends included. */
export interface Lengths {
  least: number;
  most: number;
}

export interface LanguageRules {
  /** How many questions an entry has at least. */
  questions: number;
  /** What an entry has besides title and definition. */
  parts?: readonly ('whyItMatters' | 'deepDive')[];
}

/** What one glossary asks of its entries. */
export interface QualityRules {
  definition: Lengths;
  whyItMatters: Lengths;
  /** In the default language. */
  deepDive: Lengths;
  /** Every entry is written in each of these. */
  languages: Record<string, LanguageRules>;
}

/** What the checks need from elsewhere; a check whose tool is missing is left out. */
export interface QualityTools {
  /** Unit vectors of questions, and the cosine from which two questions are the same. */
  encoder?: { embed: (texts: readonly string[]) => Promise<Float32Array[]>; sameFrom: number };
  /** The language of a text among `candidates`, or undefined when it isn't sure. */
  detectLanguage?: (text: string, candidates: readonly string[]) => string | undefined;
  /** Questions that measure the search and may stand in no entry. */
  evaluation?: readonly string[];
}

const DEFINITION: Place = { heading: null };
const TITLE: Place = { matter: ['title'] };

/** Everything that the style sheet forbids and a program can see; empty if the glossary is well written. */
export async function checkQuality(
  glossary: Glossary,
  rules: QualityRules,
  tools: QualityTools = {},
): Promise<Problem[]> {
  const written = glossary.entries.flatMap((entry) =>
    Object.entries(entry.translations).map(
      ([language, translation]): Written => ({ slug: entry.slug, language, translation }),
    ),
  );
  const questions = written.flatMap(({ slug, language, translation }) =>
    translation.questions.map((text, position): Question => ({ slug, language, position, text })),
  );
  return [
    ...written.flatMap((item) => [
      ...checkLengths(glossary, rules, item),
      ...checkDefinition(item),
      ...checkTitleInQuestions(item),
    ]),
    ...glossary.entries.flatMap((entry) => checkCompleteness(glossary, rules, entry)),
    ...checkOrphans(glossary),
    ...checkTitleOrder(glossary),
    ...checkSentences(glossary, written),
    ...(tools.detectLanguage ? checkLanguages(glossary, written, tools.detectLanguage) : []),
    ...(await checkQuestions(questions, tools.encoder)),
    ...(tools.evaluation ? checkEvaluation(glossary, questions, tools.evaluation) : []),
  ];
}

interface Written {
  slug: string;
  language: string;
  translation: Translation;
}

interface Question {
  slug: string;
  language: string;
  position: number;
  text: string;
}

function checkLengths(
  glossary: Glossary,
  rules: QualityRules,
  { translation, ...where }: Written,
): Problem[] {
  const { defaultLanguage, languages } = glossary.settings;
  const headings = languages[where.language]!;
  const { definition, whyItMatters, sections } = translation;
  const problems: Problem[] = [];
  const check = (
    part: string,
    texts: readonly string[],
    { least, most }: Lengths,
    heading: string | null,
  ) => {
    const words = texts.reduce((total, text) => total + countWords(text), 0);
    if (words >= least && words <= most) return;
    problems.push({
      ...where,
      place: { heading },
      message: `${part} has ${words} words`,
      mend: words < least ? `Write at least ${least}` : `Shorten it to at most ${most}`,
    });
  };
  check('the definition', [definition], rules.definition, null);
  if (whyItMatters !== null) {
    const heading = headings.whyItMatters ?? null;
    check(`"${heading}"`, [whyItMatters], rules.whyItMatters, heading);
  }
  if (where.language === defaultLanguage && sections.length > 0) {
    const texts = sections.map(({ text }) => text);
    check('the deep dive', texts, rules.deepDive, headings.deepDive ?? sections[0]!.heading);
  }
  return problems;
}

const ARTICLES = new Set('a an the o os as um uma el la los las un una le les l une des'.split(' '));

function checkDefinition({ translation, ...where }: Written): Problem[] {
  const words = normalizeName(plainText(translation.definition)).split(' ');
  const title = normalizeName(translation.title);
  const beginsWith = (start: readonly string[]) => `${start.join(' ')} `.startsWith(`${title} `);
  const begins = beginsWith(words) || (ARTICLES.has(words[0]!) && beginsWith(words.slice(1)));
  if (!begins) return [];
  return [
    {
      ...where,
      place: DEFINITION,
      message: `the definition begins with its own title "${translation.title}"`,
      mend: 'Say what it is: the title is shown before it',
    },
  ];
}

/** Shorter titles are words of their language, or the only way to name the thing. */
const SHORTEST_TITLE = 4;

function checkTitleInQuestions({ translation, ...where }: Written): Problem[] {
  const title = normalizeName(translation.title);
  if (title.length < SHORTEST_TITLE) return [];
  return translation.questions
    .map((question, position) => ({ question, position }))
    .filter(({ question }) => ` ${normalizeName(question)} `.includes(` ${title} `))
    .slice(1)
    .map(({ question, position }) => ({
      ...where,
      place: { matter: ['questions', position] },
      message: `the question "${question}" names "${translation.title}", as another one does`,
      mend: 'Ask as someone who does not know the term',
    }));
}

function checkCompleteness({ settings }: Glossary, rules: QualityRules, entry: Entry): Problem[] {
  const problems: Problem[] = [];
  for (const [language, { questions, parts = [] }] of Object.entries(rules.languages)) {
    const headings = settings.languages[language];
    if (!headings) continue;
    const where = { slug: entry.slug, language };
    const translation = entry.translations[language];
    if (!translation) {
      problems.push({
        slug: entry.slug,
        language: settings.defaultLanguage,
        place: TITLE,
        message: `the entry is not written in ${headings.name}`,
        mend: `Write ${fileOf(where)}`,
      });
      continue;
    }
    if (translation.questions.length < questions) {
      problems.push({
        ...where,
        place: { matter: ['questions'] },
        message: `there are ${translation.questions.length} questions`,
        mend: `Write at least ${questions}`,
      });
    }
    for (const part of parts) {
      const missing =
        part === 'deepDive' ? translation.sections.length === 0 : translation.whyItMatters === null;
      if (!missing) continue;
      problems.push({
        ...where,
        place: TITLE,
        message: `"${headings[part] ?? part}" is missing`,
        mend: `Write it under "## ${headings[part] ?? part}"`,
      });
    }
  }
  return problems;
}

function checkOrphans(glossary: Glossary): Problem[] {
  const linkedTo = slugsLinkedTo(glossary);
  if (glossary.entries.length < 2) return [];
  return glossary.entries
    .filter(({ slug, related }) => related.length === 0 && !linkedTo.has(slug))
    .map(({ slug }) => ({
      slug,
      language: glossary.settings.defaultLanguage,
      place: { matter: ['related'] },
      message: 'no entry links to this one, and it links to none',
      mend: 'Add related entries',
    }));
}

/** Titles that are listed at the same place would be each other's previous and next by chance. */
function checkTitleOrder(glossary: Glossary): Problem[] {
  const language = glossary.settings.defaultLanguage;
  const collator = new Intl.Collator(language, { sensitivity: 'base', numeric: true });
  const titled = inTitleOrder(glossary, language).map(({ slug, translations }) => ({
    slug,
    title: translations[language]!.title,
  }));
  return titled.flatMap(({ slug, title }, position) => {
    const before = titled[position - 1];
    if (!before || collator.compare(before.title, title) !== 0) return [];
    return {
      slug,
      language,
      place: TITLE,
      message: `the title "${title}" is listed at the same place as "${before.title}" (${before.slug})`,
      mend: 'Choose titles with an order',
    };
  });
}

/** Shorter sentences may be the same by chance. */
const REPEATED_WORDS = 8;

function checkSentences(glossary: Glossary, written: readonly Written[]): Problem[] {
  const segmenter = new Intl.Segmenter(glossary.settings.defaultLanguage, { granularity: 'sentence' });
  const owners = new Map<string, Written>();
  const problems: Problem[] = [];
  for (const item of written) {
    const { translation, ...where } = item;
    for (const { heading, text } of textsOf(translation, glossary.settings.languages[item.language]!)) {
      for (const { segment } of segmenter.segment(plainText(text))) {
        const key = normalizeName(segment);
        if (key.split(' ').length < REPEATED_WORDS) continue;
        const owner = owners.get(key);
        if (!owner) owners.set(key, item);
        else if (owner.slug !== item.slug) {
          problems.push({
            ...where,
            place: { heading },
            message: `the sentence "${segment.trim()}" also stands in ${fileOf(owner)}`,
            mend: 'Say here what is true of this entry alone',
          });
        }
      }
    }
  }
  return problems;
}

function checkLanguages(
  { settings }: Glossary,
  written: readonly Written[],
  detectLanguage: NonNullable<QualityTools['detectLanguage']>,
): Problem[] {
  const candidates = Object.keys(settings.languages);
  return written.flatMap(({ translation, ...where }) => {
    const detected = detectLanguage(plainText(translation.definition), candidates);
    if (detected === undefined || detected === where.language) return [];
    return {
      ...where,
      place: DEFINITION,
      message: `the definition is in ${settings.languages[detected]!.name}`,
      mend: `Write it in ${settings.languages[where.language]!.name}`,
    };
  });
}

async function checkQuestions(
  questions: readonly Question[],
  encoder: QualityTools['encoder'],
): Promise<Problem[]> {
  const vectors = encoder && (await encoder.embed(questions.map(({ text }) => text)));
  return [...new Set(questions.map(({ language }) => language))].flatMap((language) => {
    const positions = [...questions.keys()].filter((position) => questions[position]!.language === language);
    const asked = positions.map((position) => questions[position]!);
    const problems = (pairs: readonly Pair[], how: string) =>
      pairs.map(([later, earlier]) => sameQuestion(asked[later]!, asked[earlier]!, how));
    const equal = pairsByLetters(asked.map(({ text }) => text));
    if (!encoder || !vectors) return problems(equal, 'is nearly equal to');
    const found = new Set(equal.map(String));
    const inVectors = positions.map((position) => vectors[position]!);
    const near = pairsByVector(inVectors, encoder.sameFrom).filter(
      (pair) => !found.has(String(pair)) && asked[pair[0]]!.slug !== asked[pair[1]]!.slug,
    );
    return [...problems(equal, 'is nearly equal to'), ...problems(near, 'asks the same as')];
  });
}

function sameQuestion(question: Question, other: Question, how: string): Problem {
  const own = question.slug === other.slug;
  return {
    slug: question.slug,
    language: question.language,
    place: { matter: ['questions', question.position] },
    message: `the question "${question.text}" ${how} "${other.text}" ${own ? 'above it' : `in ${fileOf(other)}`}`,
    mend: own ? 'Ask from another situation' : 'Ask what only this entry answers',
  };
}

/** What measures the search may neither be searched nor trained on. */
function checkEvaluation(
  glossary: Glossary,
  questions: readonly Question[],
  evaluation: readonly string[],
): Problem[] {
  const index = new TrigramIndex(evaluation);
  const asked = glossary.entries.flatMap(({ slug, translations }) =>
    Object.entries(translations).flatMap(([language, translation]) =>
      translation.asked.map((text) => ({ slug, language, text, place: { asked: text } })),
    ),
  );
  const shown = questions.map(({ slug, language, position, text }) => ({
    slug,
    language,
    text,
    place: { matter: ['questions', position] },
  }));
  return [...shown, ...asked].flatMap(({ text, ...where }) => {
    const [found] = index.similarTo(text);
    if (found === undefined) return [];
    return {
      ...where,
      message: `the question "${text}" is in the evaluation: "${evaluation[found]}"`,
      mend: 'Write another one here: what measures the search may not be searched',
    };
  });
}
