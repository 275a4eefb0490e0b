/** What the command line shows on a terminal: progress, hits, and errors without a stack trace. */
import { styleText } from 'node:util';
import cliProgress from 'cli-progress';
import { GlossarySearchError } from './errors.ts';
import type { BuildProgress } from './indexing/build.ts';
import type { Hit } from './search/hit.ts';
import type { RelatedTerm } from './search/related.ts';
import type { SearchResult } from './search/search.ts';

const PLAIN_STEP = 10;

/** A bar on a terminal, a line for each tenth elsewhere; both on stderr, so that stdout stays for results. */
export function showProgress(stream: NodeJS.WriteStream = process.stderr) {
  const bar = stream.isTTY
    ? new cliProgress.SingleBar(
        {
          format: '{stage} {bar} {percentage} % · {value}/{total} · {eta_formatted} left',
          stream,
          hideCursor: true,
          barsize: 30,
        },
        cliProgress.Presets.shades_classic,
      )
    : undefined;
  let stage: string | undefined;
  let lastStep = -1;
  return {
    update(progress: BuildProgress): void {
      if (bar) {
        if (progress.stage !== stage) {
          bar.stop();
          bar.start(progress.total, 0, { stage: progress.stage });
        }
        bar.update(progress.done);
      } else {
        const step = Math.floor((100 * progress.done) / (progress.total || 1) / PLAIN_STEP);
        if (progress.stage !== stage || step > lastStep) {
          stream.write(`${progress.stage}: ${step * PLAIN_STEP} % (${progress.done} of ${progress.total})\n`);
          lastStep = step;
        }
      }
      stage = progress.stage;
    },
    stop: () => bar?.stop(),
  };
}

const WIDTH = 96;

export function formatSearch(result: SearchResult): string {
  const notes = [
    result.corrected && `Did you mean ${styleText('bold', result.corrected)}?`,
    result.degraded && 'Keywords alone answered.',
    result.truncated && 'The end of the question was not read.',
    !result.answered &&
      (result.results.length > 0 ? 'The glossary has no sure answer. Nearest:' : 'Nothing was found.'),
  ].filter((note) => typeof note === 'string');
  return [...notes, ...result.results.map(formatHit)].join('\n\n');
}

function formatHit({ rank, title, slug, score, match }: Hit): string {
  const why = match.question ? `asked as “${match.question}”` : match.heading;
  const head = `${rank}. ${styleText('bold', title)}  ${styleText('dim', `${slug} · ${Math.round(100 * score)} %`)}`;
  return [head, wrap(match.text, '   '), ...(why ? [styleText('dim', `   ${why}`)] : [])].join('\n');
}

export function formatRelated(terms: readonly RelatedTerm[]): string {
  return terms
    .map(
      ({ title, slug, reason, definition }) =>
        `${styleText('bold', title)}  ${styleText('dim', `${slug} · ${reason}`)}\n${wrap(definition, '   ')}`,
    )
    .join('\n\n');
}

function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + word.length >= WIDTH) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join('\n');
}

/** Says what went wrong; the stack only where it is a bug. */
export function formatError(error: unknown): string {
  if (error instanceof GlossarySearchError) return `${styleText('red', 'Error:')} ${error.message}`;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'EADDRINUSE' || code === 'EACCES')
    return `${styleText('red', 'Error:')} can't listen there: ${(error as Error).message}`;
  return `This is a bug in glossary-search: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
