/** What the quality checks find, and where its line is: looked up in the files, and only in those that need it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from './findings.ts';
import { readMarkdown } from './markdown.ts';

/** A value of the front matter by its path, or the block under a heading; null is the definition. */
export type Place = { matter: readonly PropertyKey[] } | { heading: string | null };

/** A finding whose line is not known yet. */
export interface Problem {
  slug: string;
  language: string;
  place: Place;
  message: string;
  mend: string;
}

export function fileOf({ slug, language }: { slug: string; language: string }): string {
  return `${language}/${slug}.md`;
}

/** The problems as findings with file and line, in file order. */
export async function locateProblems(folder: string, problems: readonly Problem[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of new Set(problems.map(fileOf))) {
    const { frontMatter, blocks } = readMarkdown(await readFile(join(folder, file), 'utf8'));
    const lineOf = (place: Place): number =>
      'matter' in place
        ? frontMatter.lineOf(place.matter)
        : (blocks.find(({ heading }) => heading === place.heading)?.line ?? 1);
    for (const problem of problems.filter((candidate) => fileOf(candidate) === file)) {
      const { place, message, mend } = problem;
      findings.push({ file, line: lineOf(place), message, mend });
    }
  }
  return findings.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}
