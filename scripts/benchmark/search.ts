/** Searches in this process, against the bare encoder. */
import { withQueryCache } from '../../src/encoder/query-cache.ts';
import type { Mode } from '../../src/search/mode.ts';
import { type SearchResult, search } from '../../src/search/search.ts';
import { openParts } from '../open-parts.ts';
import { distinctQuestions } from './questions.ts';
import { formatMemory, median, memoryOf, number, percentile, table, times } from './report.ts';

const SEARCHES = 1000;
const WARM_UP = 100;
const LIMIT = 10;
const STEPS = ['embed', 'recall', 'late', 'fuse'] as const;

export async function benchmarkSearch(): Promise<string> {
  const parts = await openParts();
  const { encoder, index } = parts;
  const cached = { ...parts, encoder: withQueryCache(encoder) };
  const ask = async (
    query: string,
    mode: Mode,
  ): Promise<{ total: number; steps: SearchResult['timings'] }> => {
    const started = performance.now();
    const { timings, degraded } = await search(cached, { query, limit: LIMIT, mode, explain: false });
    if (degraded && mode !== 'keyword') unread++;
    return { total: performance.now() - started, steps: timings };
  };
  const encode = async (query: string): Promise<number> => {
    const started = performance.now();
    await encoder.encodeQuery(query);
    return performance.now() - started;
  };
  let unread = 0;

  for (const query of await distinctQuestions(WARM_UP, SEARCHES + 1)) {
    await encode(query);
    await ask(query, 'hybrid');
    await ask(query, 'keyword');
  }
  unread = 0;
  const bare: number[] = [];
  const hybrid: Awaited<ReturnType<typeof ask>>[] = [];
  const keyword: number[] = [];
  for (const [at, query] of (await distinctQuestions(SEARCHES, 1)).entries()) {
    // In turns, so that whatever else the machine does, and whatever the first of the two warms, meets both.
    if (at % 2 === 0) bare.push(await encode(query));
    hybrid.push(await ask(query, 'hybrid'));
    if (at % 2 === 1) bare.push(await encode(query));
    keyword.push((await ask(query, 'keyword')).total);
  }
  const memory = memoryOf(process.pid);
  await parts.close();

  const baseline = median(bare);
  const row = (name: string, values: readonly number[]) => [
    name,
    number(median(values)),
    number(percentile(values, 0.99)),
    times(median(values) / baseline),
  ];
  const { counts, version } = index.manifest;
  return [
    `${SEARCHES} searches one after another over ${counts.entries} entries, ${counts.passages} passages (index ${version}, ` +
      `${index.vectors.kind} vectors), none from the query cache${unread > 0 ? `; ${unread} were degraded to keywords` : ''}. ` +
      `The bare encoder embedded the same queries in turns with the searches.`,
    table(
      ['in this process', 'p50 ms', 'p99 ms', 'p50 ÷ bare encoder'],
      [
        row('bare encoder (baseline)', bare),
        row(
          '**hybrid, total**',
          hybrid.map(({ total }) => total),
        ),
        ...STEPS.map((step) =>
          row(
            step,
            hybrid.map(({ steps }) => steps[step]),
          ),
        ),
        row(
          'everything but the encoder',
          hybrid.map(({ total, steps }) => total - steps.embed),
        ),
        row('**keyword, total**', keyword),
      ],
    ),
    `This process at the end: ${formatMemory(memory)}.`,
  ].join('\n\n');
}
