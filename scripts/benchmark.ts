/**
 * Measures how fast the search is and what it needs; prints Markdown tables. Times on a shared machine say
 * little, so every table holds ratios against a baseline of the same run.
 */
import { Command } from 'commander';
import { formatError } from '../src/terminal.ts';
import { benchmarkBuild } from './benchmark/build.ts';
import { benchmarkGraph } from './benchmark/graph.ts';
import { benchmarkHttp } from './benchmark/http.ts';
import { benchmarkLate } from './benchmark/late.ts';
import { describeMachine } from './benchmark/report.ts';
import { benchmarkSearch } from './benchmark/search.ts';

const program = new Command('benchmark')
  .description('Measures the service; INDEX_DIR, CONTENT and ENCODER say what is measured.')
  .showHelpAfterError();

function command(name: string, description: string, run: () => Promise<string>): void {
  program
    .command(name)
    .description(description)
    .action(async () => {
      const before = describeMachine();
      const report = await run();
      console.log(`${before}\n\n${report}`);
    });
}

command('search', '1,000 searches in this process, step by step, against the bare encoder', benchmarkSearch);
command('http', 'the server: start, latency, and /healthz while it is saturated', benchmarkHttp);
command('graph', 'HNSW parameters: recall, time and size against the exact scan', benchmarkGraph);
command('late', 'late interaction on its thread against plain loops', benchmarkLate);
command(
  'build',
  'a build from scratch, one with nothing changed, one with one entry changed',
  benchmarkBuild,
);

// What has to be cleaned up is cleaned up on exit, which a signal alone doesn't bring about.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
try {
  await program.parseAsync();
} catch (error) {
  console.error(formatError(error));
  process.exit(1);
}
