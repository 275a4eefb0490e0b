/** The questions that measure the search: `evaluation/questions.tsv`, never indexed and never trained on. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { GlossarySearchError } from '../errors.ts';

export const KINDS = ['paraphrase', 'life', 'keyword', 'typo', 'comparison', 'off-topic'] as const;
export type Kind = (typeof KINDS)[number];

export interface Question {
  /** `dev` may be looked at while tuning; `test` is for reporting alone. */
  split: 'dev' | 'test';
  kind: Kind;
  /** `mul` where a kind mixes languages. */
  language: string;
  question: string;
  /**
   * What has to be found: each group is one thing, any of its slugs will do. Two groups for a comparison,
   * none for a question that the glossary does not answer.
   */
  answers: string[][];
}

const COLUMNS = ['split', 'kind', 'language', 'question', 'answer'] as const;

const rowSchema = z.strictObject({
  split: z.enum(['dev', 'test']),
  kind: z.enum(KINDS),
  language: z.string().regex(/^[a-z]{2,3}$/),
  question: z.string().min(1),
  answer: z.string().regex(/^(?:[a-z0-9;+-]+)?$/),
});

/**
 * Reads a tab-separated file with the columns split, kind, language, question, answer; in `answer`, `a;b` means
 * that either will do and `a+b` that both are asked for.
 *
 * @throws {GlossarySearchError} `questions-invalid` naming the line.
 */
export async function readQuestions(path: string): Promise<Question[]> {
  const [header, ...lines] = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  if (header !== COLUMNS.join('\t')) {
    throw new GlossarySearchError(
      'questions-invalid',
      `${path}:1: the columns must be ${COLUMNS.join(', ')}, separated by tabs.`,
    );
  }
  return lines.map((line, at) => {
    const cells = line.split('\t');
    const parsed = rowSchema.safeParse(
      Object.fromEntries(COLUMNS.map((column, position) => [column, cells[position]])),
    );
    if (!parsed.success) {
      throw new GlossarySearchError(
        'questions-invalid',
        `${path}:${at + 2}: ${z.prettifyError(parsed.error)}`,
      );
    }
    const { answer, ...row } = parsed.data;
    const answers = answer === '' ? [] : answer.split('+').map((group) => group.split(';'));
    if ((row.kind === 'off-topic') !== (answers.length === 0)) {
      throw new GlossarySearchError(
        'questions-invalid',
        `${path}:${at + 2}: an off-topic question has no answer, every other has one.`,
      );
    }
    return { ...row, answers };
  });
}
