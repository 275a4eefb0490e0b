/** Fits the ranking's weights and calibration to the development questions and writes src/search/weights.ts. */
import { readFile, writeFile } from 'node:fs/promises';
import { type Example, fitPlatt, fitThreshold, fitWeights } from '../src/evaluation/fit.ts';
import { type Question, readQuestions } from '../src/evaluation/questions.ts';
import { type Asked, answerableHere, ask } from '../src/evaluation/run.ts';
import { calibrate } from '../src/search/calibrate.ts';
import { fuse, lengthOf, type Signal, signalsOf } from '../src/search/fuse.ts';
import { MODES, type Mode } from '../src/search/mode.ts';
import type { Ranking } from '../src/search/weights.ts';
import { openParts, QUESTIONS } from './open-parts.ts';

const TARGET = 'src/search/weights.ts';

const SIGNALS_OF: Record<Mode, Signal[]> = {
  hybrid: ['text', 'question', 'sameQuestion', 'nameLate', 'dense', 'asked', 'keyword', 'name', 'nameWords'],
  semantic: ['text', 'question', 'sameQuestion', 'nameLate', 'dense', 'asked'],
  keyword: ['keyword', 'name', 'nameWords'],
};

const parts = await openParts();
const questions = answerableHere(await readQuestions(QUESTIONS), parts.index).filter(
  ({ split }) => split === 'dev',
);
const asked: Asked[] = [];
for (const question of questions) asked.push(await ask(parts, question));
const nearCopies: Asked[] = [];
for (const question of questionsWithoutAWord()) nearCopies.push(await ask(parts, question));
await parts.close();

const isRight = (answers: string[][], slug: string) => answers.some((group) => group.includes(slug));
const rankings = Object.fromEntries(
  MODES.map((mode) => {
    const examples: Example[] = [...asked, ...nearCopies].map(({ question, evidence }) => ({
      length: lengthOf(question.question),
      answerable: question.answers.length > 0,
      entries: evidence[mode].map((item) => ({
        signals: signalsOf(item),
        right: isRight(question.answers, item.slug),
      })),
    }));
    const weights = fitWeights(examples, SIGNALS_OF[mode]);
    const tops = asked.flatMap(({ question, evidence }) => {
      const best = fuse(question.question, evidence[mode], weights)[0];
      return best
        ? [
            {
              sum: best.sum,
              length: lengthOf(question.question),
              right: isRight(question.answers, best.evidence.slug),
              answerable: question.answers.length > 0,
            },
          ]
        : [];
    });
    const platt = fitPlatt(tops);
    const calibration = {
      slope: round(platt.slope, 4),
      perLength: round(platt.perLength, 3),
      intercept: round(platt.intercept, 2),
      answerFrom: round(
        fitThreshold(
          tops.map((top) => ({
            ...top,
            score: calibrate({ sum: top.sum }, top.length, { ...platt, answerFrom: 0 }).probability,
          })),
        ),
        3,
      ),
    };
    const ranking: Ranking = { weights, calibration };
    return [mode, ranking];
  }),
);

const source = await readFile(TARGET, 'utf8');
const start = source.indexOf('export const RANKINGS');
await writeFile(
  TARGET,
  `${source.slice(0, start)}export const RANKINGS: Record<Mode, Ranking> = ${JSON.stringify(rankings, null, 2)};\n`,
);
console.log(
  `Fitted to ${asked.length} development questions; wrote ${TARGET}. Now run: npm run format && npm run evaluate`,
);

/**
 * One of the editors' questions of every sixth entry, a word short: what the development questions, by another
 * hand, can't teach is that a question which stands in the glossary is answered by its entry.
 */
function questionsWithoutAWord(): Question[] {
  return parts.index.glossary.entries
    .filter((_, at) => at % 6 === 0)
    .flatMap(({ slug, translations }) =>
      Object.entries(translations).flatMap(
        ([
          language,
          {
            questions: [first],
          },
        ]): Question[] => {
          const words = first?.split(' ') ?? [];
          if (words.length < 6) return [];
          const question = words.toSpliced(Math.floor(words.length / 2), 1).join(' ');
          return [{ split: 'dev', kind: 'paraphrase', language, question, answers: [[slug]] }];
        },
      ),
    );
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
