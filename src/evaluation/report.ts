/** Rankings of many questions → tables of what they are worth. */
import { calibrate } from '../search/calibrate.ts';
import { fuse, lengthOf } from '../search/fuse.ts';
import { MODES, type Mode } from '../search/mode.ts';
import { RANKINGS } from '../search/weights.ts';
import {
  allInFirstThree,
  bootstrapInterval,
  METRIC_NAMES,
  METRICS,
  type Metric,
  mean,
  ranksOf,
} from './metrics.ts';
import type { Question } from './questions.ts';
import { type Asked, rankDense, rankLate } from './run.ts';

/** The rankers that are compared, from the simplest on. `dense + late` has no weights at all. */
export const RANKERS: Record<string, (asked: Asked) => string[]> = {
  keyword: (asked) => fused(asked, 'keyword'),
  dense: ({ evidence }) => rankDense(evidence.semantic),
  'dense + late': ({ evidence }) => rankLate(evidence.semantic),
  semantic: (asked) => fused(asked, 'semantic'),
  hybrid: (asked) => fused(asked, 'hybrid'),
};

function fused({ question, evidence }: Asked, mode: Mode): string[] {
  return fuse(question.question, evidence[mode], RANKINGS[mode].weights).map((item) => item.evidence.slug);
}

/** The mean of a metric with its 95 % interval. */
export interface Estimate {
  mean: number;
  low: number;
  high: number;
}

export interface Row {
  group: string;
  questions: number;
  ranker: string;
  metrics: Record<Metric, Estimate>;
  /** Comparisons only: both sides among the first three. */
  bothInThree?: Estimate;
}

export function estimate(values: readonly number[]): Estimate {
  const [low, high] = bootstrapInterval(values);
  return { mean: mean(values), low, high };
}

function groupOf({ kind, language }: Question): string {
  return language === 'mul' ? kind : `${kind} ${language}`;
}

/** One row for each group of questions and ranker, the whole set last. */
export function tabulate(asked: readonly Asked[]): Row[] {
  const answerable = asked.filter(({ question }) => question.answers.length > 0);
  const groups = [...new Set(answerable.map(({ question }) => groupOf(question)))];
  const rows: Row[] = [];
  for (const group of [...groups, 'all']) {
    const members = answerable.filter(({ question }) => group === 'all' || groupOf(question) === group);
    for (const [ranker, rank] of Object.entries(RANKERS)) {
      const ranks = members.map((item) => ranksOf(rank(item), item.question.answers));
      const metrics = Object.fromEntries(
        METRIC_NAMES.map((name) => [name, estimate(ranks.map(METRICS[name]))]),
      );
      rows.push({
        group,
        questions: members.length,
        ranker,
        metrics: metrics as Record<Metric, Estimate>,
        ...(group === 'comparison' && { bothInThree: estimate(ranks.map(allInFirstThree)) }),
      });
    }
  }
  return rows;
}

export interface AnsweredReport {
  mode: Mode;
  /** Share of answerable questions that are called answered. */
  answerable: Estimate;
  /** Share of off-topic questions that are not. */
  offTopic: Estimate;
  /** Expected calibration error of the first hit's score, ten bins of equal width. */
  calibrationError: number;
}

export function tabulateAnswered(asked: readonly Asked[]): AnsweredReport[] {
  return MODES.map((mode) => {
    const { weights, calibration } = RANKINGS[mode];
    const tops = asked.map(({ question, evidence }) => {
      const best = fuse(question.question, evidence[mode], weights)[0];
      const score = best
        ? calibrate(best.contributions, lengthOf(question.question), calibration).probability
        : 0;
      return {
        score,
        answered: score >= calibration.answerFrom,
        right: question.answers.some((group) => best && group.includes(best.evidence.slug)),
        answerable: question.answers.length > 0,
      };
    });
    return {
      mode,
      answerable: estimate(tops.filter((top) => top.answerable).map(({ answered }) => (answered ? 1 : 0))),
      offTopic: estimate(tops.filter((top) => !top.answerable).map(({ answered }) => (answered ? 0 : 1))),
      calibrationError: calibrationError(tops),
    };
  });
}

const BINS = 10;

function calibrationError(tops: readonly { score: number; right: boolean }[]): number {
  let error = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const members = tops.filter(({ score }) => Math.min(BINS - 1, Math.floor(score * BINS)) === bin);
    if (members.length === 0) continue;
    const said = mean(members.map(({ score }) => score));
    const was = mean(members.map(({ right }) => (right ? 1 : 0)));
    error += (members.length / tops.length) * Math.abs(said - was);
  }
  return error;
}

function show({ mean: value, low, high }: Estimate): string {
  return `${value.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

export function formatRows(rows: readonly Row[]): string {
  const head = `| questions | n | ranker | ${METRIC_NAMES.join(' | ')} | both in 3 |`;
  const line = `| --- | ---: | --- | ${METRIC_NAMES.map(() => '---').join(' | ')} | --- |`;
  const body = rows.map(
    ({ group, questions, ranker, metrics, bothInThree }) =>
      `| ${group} | ${questions} | ${ranker} | ${METRIC_NAMES.map((name) => show(metrics[name])).join(' | ')} | ${bothInThree ? show(bothInThree) : ''} |`,
  );
  return [head, line, ...body].join('\n');
}

export function formatAnswered(reports: readonly AnsweredReport[]): string {
  const head =
    '| mode | answerable, called answered | off-topic, not called answered | calibration error |\n| --- | --- | --- | --- |';
  return [
    head,
    ...reports.map(
      ({ mode, answerable, offTopic, calibrationError: error }) =>
        `| ${mode} | ${show(answerable)} | ${show(offTopic)} | ${error.toFixed(3)} |`,
    ),
  ].join('\n');
}
