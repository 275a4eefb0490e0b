/** Measures the search on questions that neither the index nor the encoder has seen; prints Markdown tables. */
import { Command, Option } from 'commander';
import { readQuestions } from '../src/evaluation/questions.ts';
import { formatAnswered, formatRows, tabulate, tabulateAnswered } from '../src/evaluation/report.ts';
import { type Asked, answerableHere, ask } from '../src/evaluation/run.ts';
import { openParts, QUESTIONS } from './open-parts.ts';

const { split, file, json, group } = new Command('evaluate')
  .addOption(
    new Option('--split <split>', 'which half of the questions')
      .choices(['dev', 'test', 'all'])
      .default('test'),
  )
  .option('--file <path>', 'questions to ask', QUESTIONS)
  .option('--group <name>', 'only rows of this group, e.g. "all" or "life pt"')
  .option('--json', 'print JSON instead')
  .parse()
  .opts<{ split: string; file: string; json?: boolean; group?: string }>();

const parts = await openParts();
const all = await readQuestions(file);
const questions = answerableHere(all, parts.index).filter(
  (question) => split === 'all' || question.split === split,
);
const asked: Asked[] = [];
for (const question of questions) asked.push(await ask(parts, question));
await parts.close();

const rows = tabulate(asked).filter((row) => group === undefined || row.group === group);
const answered = tabulateAnswered(asked);
const { manifest, glossary } = parts.index;
if (json) {
  console.log(
    JSON.stringify({ index: manifest.version, split, questions: asked.length, rows, answered }, null, 2),
  );
} else {
  const left = all.length - answerableHere(all, parts.index).length;
  console.log(
    `${asked.length} questions (${split}) over ${glossary.entries.length} entries, ${manifest.counts.passages} passages; ` +
      `encoder ${manifest.encoder.name}; index ${manifest.version}. Means with 95 % bootstrap intervals.` +
      (left > 0 ? ` ${left} questions about entries that are not there were left out.` : ''),
  );
  console.log(`\n${formatRows(rows)}\n\n${formatAnswered(answered)}`);
}
