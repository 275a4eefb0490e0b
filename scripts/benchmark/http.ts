/** The server over HTTP: start, latency, throughput, and whether it stays responsive under load. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../src/config.ts';
import { GlossarySearchError } from '../../src/errors.ts';
import { findUpToDate } from '../../src/indexing/build.ts';
import { distinctQuestions, endlessQuestions } from './questions.ts';
import { formatMemory, median, memoryOf, number, percentile, table, times } from './report.ts';
import { emptyStart, type Reply, type Server, startServer } from './server.ts';

const WARM_UP = 100;
const SEQUENTIAL = 500;
const CLIENTS = 8;
const SATURATED_MS = 10_000;
const IDLE_MS = 5000;
const PROBE_EVERY_MS = 20;

export async function benchmarkHttp(): Promise<string> {
  const { CONTENT: content, INDEX_DIR: indexDir, ENCODER: encoder } = readConfig();
  const manifest = await findUpToDate({ content, indexDir, encoder });
  if (!manifest) {
    throw new GlossarySearchError(
      'index-missing',
      `The index in ${indexDir} is not that of ${content}: the server would build it while it is measured. Run "npm run build:index".`,
    );
  }
  const empty = median([await emptyStart(), await emptyStart(), await emptyStart()]);
  const server = await startServer();
  try {
    const { counts, version } = manifest;
    return `${counts.entries} entries, ${counts.passages} passages (index ${version}).\n\n${await measure(server, empty)}`;
  } finally {
    await server.stop();
  }
}

async function measure(server: Server, empty: number): Promise<string> {
  const atStart = memoryOf(server.pid);
  for (const question of await distinctQuestions(WARM_UP, 1)) await ask(server, question);
  const sequential: Reply[] = [];
  for (const question of await distinctQuestions(SEQUENTIAL, WARM_UP + 1)) {
    sequential.push(await ask(server, question));
  }
  const idle = await probe(server, sleep(IDLE_MS));
  const next = await endlessQuestions(WARM_UP + SEQUENTIAL + 1);
  // Without a turn of the loop in between, what was done before it would count as its delay.
  await sleep(100);
  const own = monitorEventLoopDelay({ resolution: 1 });
  own.enable();
  const saturation = saturate(server, next);
  const busy = await probe(server, saturation);
  own.disable();
  const { replies, seconds } = await saturation;
  const memory = memoryOf(server.pid);

  const alone = sequential.map(({ milliseconds }) => milliseconds);
  const inside = sequential.map(stepsOf);
  const loaded = replies.map(({ milliseconds }) => milliseconds);
  const sequentialRate = (1000 * alone.length) / alone.reduce((sum, value) => sum + value, 0);
  const row = (name: string, values: readonly number[], baseline: readonly number[], of: string) => [
    name,
    String(values.length),
    number(median(values)),
    number(percentile(values, 0.99)),
    number(Math.max(...values)),
    times(median(values) / median(baseline)),
    times(percentile(values, 0.99) / percentile(baseline, 0.99)),
    of,
  ];
  return [
    table(
      ['start', 'ms', '÷ empty process'],
      [
        ['empty Node.js process (baseline)', number(empty), times(1)],
        ['until /healthz answers', number(server.listeningAfter), times(server.listeningAfter / empty)],
        ['until /readyz says yes', number(server.readyAfter), times(server.readyAfter / empty)],
      ],
    ),
    table(
      ['over HTTP, connections kept', 'n', 'p50 ms', 'p99 ms', 'max ms', 'p50 ÷', 'p99 ÷', 'baseline'],
      [
        row('search, one client', alone, inside, 'steps of the same by Server-Timing'),
        row(`search, ${CLIENTS} clients`, loaded, alone, 'one client'),
        row('/healthz, idle', idle, idle, 'itself'),
        row(`/healthz, ${CLIENTS} clients searching`, busy, idle, 'idle'),
      ],
    ),
    table(
      ['throughput', 'searches/s', '÷ one client'],
      [
        ['one client (baseline)', number(sequentialRate), times(1)],
        [
          `${CLIENTS} clients, ${number(seconds)} s`,
          number(replies.length / seconds),
          times(replies.length / seconds / sequentialRate),
        ],
      ],
    ),
    `/healthz was called every ${PROBE_EVERY_MS} ms whether or not the answer before had come; the event loop of the prober itself ` +
      `was late by ${number(own.percentile(99) / 1e6)} ms (p99), ${number(own.max / 1e6)} ms (max), which is part of the numbers.`,
    `The server process when ready: ${formatMemory(atStart)}; at the end: ${formatMemory(memory)}.`,
  ].join('\n\n');
}

async function ask(server: Server, question: string): Promise<Reply> {
  const reply = await server.get(`/v1/search?q=${encodeURIComponent(question)}`);
  if (reply.status !== 200) throw new Error(`"${question}" was answered with status ${reply.status}`);
  return reply;
}

/** `CLIENTS` that each ask again as soon as they are answered. */
async function saturate(server: Server, next: () => string): Promise<{ replies: Reply[]; seconds: number }> {
  const started = performance.now();
  const replies: Reply[] = [];
  const client = async () => {
    while (performance.now() - started < SATURATED_MS) replies.push(await ask(server, next()));
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { replies, seconds: (performance.now() - started) / 1000 };
}

/** Calls /healthz at a fixed rate until `end` settles, without waiting for answers that are late. */
async function probe(server: Server, end: Promise<unknown>): Promise<number[]> {
  const calls: Promise<Reply>[] = [];
  const timer = setInterval(() => calls.push(server.get('/healthz')), PROBE_EVERY_MS);
  try {
    await end;
  } finally {
    clearInterval(timer);
  }
  return (await Promise.all(calls)).map(({ milliseconds }) => milliseconds);
}

/** Milliseconds of all steps, from the Server-Timing header. */
function stepsOf({ headers }: Reply): number {
  const durations = String(headers['server-timing']).matchAll(/dur=([\d.]+)/g);
  return [...durations].reduce((sum, [, duration]) => sum + Number(duration), 0);
}
