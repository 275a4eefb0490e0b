/** `<language>/questions.tsv`: further ways of asking for an entry, one a line, searched but not shown. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from './findings.ts';
import type { LocatedEntry } from './validate.ts';

export const ASKED_FILE = 'questions.tsv';

/** Adds the questions of a language to the entries they ask for; lines are `slug <tab> question`. */
export async function readAsked(
  folder: string,
  language: string,
  located: ReadonlyMap<string, LocatedEntry>,
  findings: Finding[],
): Promise<void> {
  const path = join(folder, language, ASKED_FILE);
  if (!existsSync(path)) return;
  const seen = new Map<string, string>();
  const lines = (await readFile(path, 'utf8')).split(/\r?\n/);
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const report = (message: string, mend: string) =>
      findings.push({ file: `${language}/${ASKED_FILE}`, line: at + 1, message, mend });
    const [slug = '', question = '', ...rest] = line.split('\t').map((cell) => cell.trim());
    const translation = located.get(slug)?.entry.translations[language];
    const key = question.toLowerCase();
    if (question === '' || rest.length > 0) {
      report('is not a slug, a tab and a question', 'Write the slug, one tab, and the question');
    } else if (!translation) {
      report(`there is no ${language}/${slug}.md`, 'Write it, or correct the slug');
    } else if (seen.has(key)) {
      report(`"${question}" is asked for ${seen.get(key)} already`, 'Remove one of the two');
    } else {
      seen.set(key, slug);
      translation.asked.push(question);
    }
  }
}
