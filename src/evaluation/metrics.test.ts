import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SIGNALS, type Signal } from '../search/fuse.ts';
import { temporaryFolder } from '../testing/temporary.ts';
import { fitPlatt, fitThreshold, fitWeights } from './fit.ts';
import { allInFirstThree, bootstrapInterval, METRICS, mean, ranksOf } from './metrics.ts';
import { readQuestions } from './questions.ts';

describe('metrics', () => {
  const ranking = ['a', 'b', 'c', 'd', 'e', 'f'];
  it('find the rank of each answer, any of its alternatives', () => {
    expect(ranksOf(ranking, [['b'], ['x', 'd'], ['y']])).toEqual([2, 4, Number.POSITIVE_INFINITY]);
  });
  it('are what their definitions say', () => {
    expect(METRICS['hit@1']([1])).toBe(1);
    expect(METRICS['hit@1']([2])).toBe(0);
    expect(METRICS['recall@5']([2, 6])).toBe(0.5);
    expect(METRICS['MRR@10']([4, 7])).toBe(0.25);
    expect(METRICS['MRR@10']([11])).toBe(0);
    expect(METRICS['nDCG@10']([1])).toBe(1);
    expect(METRICS['nDCG@10']([1, 2])).toBe(1);
    expect(METRICS['nDCG@10']([3])).toBeCloseTo(0.5);
    expect(METRICS['nDCG@10']([Number.POSITIVE_INFINITY])).toBe(0);
    expect(allInFirstThree([1, 3])).toBe(1);
    expect(allInFirstThree([1, 4])).toBe(0);
  });
  it('come with an interval that holds the mean, narrows with more values, and is the same each time', () => {
    const few = [1, 0, 1, 1, 0, 1, 0, 1, 1, 1];
    const many = Array.from({ length: 40 }, () => few).flat();
    const [low, high] = bootstrapInterval(few);
    expect(low).toBeLessThan(mean(few));
    expect(high).toBeGreaterThan(mean(few));
    const [lowOfMany, highOfMany] = bootstrapInterval(many);
    expect(highOfMany - lowOfMany).toBeLessThan((high - low) / 3);
    expect(bootstrapInterval(few)).toEqual([low, high]);
  });
});

describe('readQuestions', () => {
  const HEADER = 'split\tkind\tlanguage\tquestion\tanswer\n';
  const read = async (text: string) => {
    const path = join(await temporaryFolder(), 'questions.tsv');
    await writeFile(path, text);
    return readQuestions(path);
  };
  it('reads alternatives and pairs', async () => {
    const questions = await read(
      `${HEADER}dev\tcomparison\tmul\tx or y?\tx+y;z\ntest\toff-topic\tmul\trice?\t\n`,
    );
    expect(questions.map(({ answers }) => answers)).toEqual([[['x'], ['y', 'z']], []]);
  });
  it('names the line that is wrong', async () => {
    await expect(read('question\n')).rejects.toThrow(/:1: the columns must be/);
    await expect(read(`${HEADER}dev\tlife\ten\tq?\ta\nboth\tlife\ten\tq?\ta\n`)).rejects.toThrow(
      /:3: .*split/s,
    );
    await expect(read(`${HEADER}dev\tlife\ten\tq?\t\n`)).rejects.toThrow(
      /:2: an off-topic question has no answer/,
    );
  });
});

describe('the fit', () => {
  const signals = (values: Partial<Record<Signal, number>>) =>
    ({ ...Object.fromEntries(SIGNALS.map((signal) => [signal, 0])), ...values }) as Record<Signal, number>;

  it('learns that names decide for short queries and text for long ones', () => {
    const examples = Array.from({ length: 40 }, (_, at) => {
      const short = at % 2 === 0;
      return {
        length: short ? 0 : 1,
        answerable: true,
        entries: [
          { signals: signals(short ? { name: 1 } : { text: 1 }), right: true },
          { signals: signals(short ? { text: 1 } : { name: 1 }), right: false },
        ],
      };
    });
    const { short, long } = fitWeights(examples, ['text', 'name']);
    expect(short.name).toBeGreaterThan(short.text);
    expect(long.text).toBeGreaterThan(long.name);
    expect(short.question).toBe(0);
  });

  it('calibrates: as many right as the probabilities say', () => {
    const shown = Array.from({ length: 400 }, (_, at) => ({
      sum: 50 + (at % 20),
      length: at % 3,
      right: at % 20 >= (at * 7) % 20,
    }));
    const { slope, perLength, intercept } = fitPlatt(shown);
    const said = mean(
      shown.map(({ sum, length }) => 1 / (1 + Math.exp(-(slope * sum + perLength * length + intercept)))),
    );
    expect(slope).toBeGreaterThan(0);
    expect(said).toBeCloseTo(mean(shown.map(({ right }) => (right ? 1 : 0))), 2);
  });

  it('puts the threshold between what is answerable and what is not', () => {
    const best = [
      ...[5, 6, 7, 8].map((score) => ({ score, answerable: true })),
      ...[1, 2, 3].map((score) => ({ score, answerable: false })),
    ];
    expect(fitThreshold(best)).toBe(5);
  });
});
