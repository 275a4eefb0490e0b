/** What is wrong with a glossary's files: each finding says what, where, and how to mend it. */
import { GlossarySearchError } from '../errors.ts';

export interface Finding {
  /** Path below the content folder, e.g. `en/token.md`. */
  file: string;
  /** 1-based. */
  line: number;
  message: string;
  mend: string;
}

const SHOWN = 30;

export function formatFinding({ file, line, message, mend }: Finding): string {
  return `${file}:${line}: ${message}. ${mend}`;
}

/** Thrown when a glossary can't be used as it is; `findings` holds all that was found, in file order. */
export class ContentError extends GlossarySearchError {
  readonly findings: Finding[];

  constructor(folder: string, findings: Finding[]) {
    const sorted = findings.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
    const more = sorted.length > SHOWN ? `\n  … and ${sorted.length - SHOWN} more` : '';
    const lines = sorted.slice(0, SHOWN).map((finding) => `  ${formatFinding(finding)}`);
    super(
      'content-invalid',
      `${sorted.length} ${sorted.length === 1 ? 'problem' : 'problems'} in ${folder}:\n${lines.join('\n')}${more}`,
    );
    this.findings = sorted;
  }
}
