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

export async function developmentQuestions(): Promise<Question[]> {
  return (await readQuestions(QUESTIONS)).filter(({ split }) => split === 'dev');
}
