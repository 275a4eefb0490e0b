/** What the quality checks find, and where its line is: looked up in the files, and only in those that need it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ASKED_FILE } from './asked.ts';
import type { Finding } from './findings.ts';
import { readMarkdown } from './markdown.ts';

/** A value of the front matter by its path, the block under a heading (null is the definition), or a further question. */
export type Place = { matter: readonly PropertyKey[] } | { heading: string | null } | { asked: string };

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
  for (const file of new Set(problems.map(fileOfProblem))) {
    const lineOf = linesOf(await readFile(join(folder, file), 'utf8'));
    for (const problem of problems.filter((candidate) => fileOfProblem(candidate) === file)) {
      const { slug, place, message, mend } = problem;
      findings.push({ file, line: lineOf(slug, place), message, mend });
    }
  }
  return findings.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

function fileOfProblem(problem: Problem): string {
  return 'asked' in problem.place ? `${problem.language}/${ASKED_FILE}` : fileOf(problem);
}

function linesOf(source: string): (slug: string, place: Place) => number {
  const { frontMatter, blocks } = readMarkdown(source);
  return (slug, place) => {
    if ('asked' in place) return source.split('\n').indexOf(`${slug}\t${place.asked}`) + 1 || 1;
    if ('matter' in place) return frontMatter.lineOf(place.matter);
    return blocks.find(({ heading }) => heading === place.heading)?.line ?? 1;
  };
}
