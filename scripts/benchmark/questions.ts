/** Real questions, as many as are wanted, none twice. */
import { type Question, readQuestions } from '../../src/evaluation/questions.ts';
import { QUESTIONS } from '../open-parts.ts';

/**
 * `count` questions spread evenly over the file, each with a running number behind it, so that no cache
 * has seen it; `first` is where the numbers begin.
 */
export async function distinctQuestions(count: number, first: number): Promise<string[]> {
  const all = await readQuestions(QUESTIONS);
  return Array.from({ length: count }, (_, at) => {
    const { question } = all[Math.floor((at * all.length) / count) % all.length]!;
    return `${question} ${first + at}`;
  });
}

/** Gives one question after another, of all kinds in turns, numbered on from `first`. */
export async function endlessQuestions(first: number): Promise<() => string> {
  const all = await readQuestions(QUESTIONS);
  let number = first;
  // The file is sorted by kind; a stride that shares no factor with its length meets all of them.
  const stride = coprimeStride(all.length);
  return () => `${all[(number * stride) % all.length]!.question} ${number++}`;
}

function coprimeStride(length: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let stride = Math.max(1, Math.round(length * 0.618));
  while (divisor(stride, length) !== 1) stride++;
  return stride;
}

export async function developmentQuestions(): Promise<Question[]> {
  return (await readQuestions(QUESTIONS)).filter(({ split }) => split === 'dev');
}
