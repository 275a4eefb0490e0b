/** The table from which the HNSW parameters were chosen. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { openEncoder } from '../../src/encoder/encoder.ts';
import { mean } from '../../src/evaluation/metrics.ts';
import { FILES } from '../../src/indexing/manifest.ts';
import { currentFolder, verifyFolder } from '../../src/indexing/storage.ts';
import { GRAPH, openExact, openGraph, type VectorStore, writeGraph } from '../../src/indexing/vectors.ts';
import { NEAREST_PASSAGES } from '../../src/search/recall.ts';
import { developmentQuestions } from './questions.ts';
import { median, megabytes, number, percentile, table, times } from './report.ts';
import { withTemporaryFolder } from './temporary.ts';

const M = [8, 16, 24];
const EF_CONSTRUCTION = [100, 200];
const EF_SEARCH = [100, 200, 400];
const WARM_UP = 50;

export async function benchmarkGraph(): Promise<string> {
  const { vectors, dimensions } = await readVectors();
  const queries = await embedQuestions();
  const rows = vectors.length / dimensions;
  const exact = openExact(vectors, dimensions);
  const scan = measure(exact, queries);
  const baseline = median(scan.milliseconds);

  const lines: string[][] = [];
  await withTemporaryFolder(async (folder) => {
    for (const m of M) {
      for (const efConstruction of EF_CONSTRUCTION) {
        const path = join(folder, `${m}-${efConstruction}.hnsw`);
        const started = performance.now();
        const settings = { m, efConstruction, efSearch: GRAPH.efSearch };
        const written = await writeGraph(path, vectors, dimensions, () => undefined, settings);
        if (!written) throw new Error('hnswlib-node is not installed, so there is no graph to measure');
        const seconds = (performance.now() - started) / 1000;
        const bytes = (await stat(path)).size;
        console.error(`m ${m}, efConstruction ${efConstruction}: built in ${number(seconds)} s`);
        for (const efSearch of EF_SEARCH) {
          const graph = await openGraph(path, vectors, dimensions, { ...settings, efSearch });
          const { found, milliseconds } = measure(graph!, queries);
          const recalls = found.map((passages, at) => share(passages, scan.found[at]!));
          const inForce =
            m === GRAPH.m && efConstruction === GRAPH.efConstruction && efSearch === GRAPH.efSearch;
          lines.push([
            `${m} / ${efConstruction} / ${efSearch}${inForce ? ' **(in force)**' : ''}`,
            mean(recalls).toFixed(4),
            percentile(recalls, 0.01).toFixed(2),
            number(median(milliseconds)),
            number(percentile(milliseconds, 0.99)),
            times(median(milliseconds) / baseline),
            number(seconds),
            megabytes(bytes),
          ]);
        }
      }
    }
  });
  return [
    `${rows} vectors of ${dimensions} dimensions, ${queries.length} development questions; recall of the exact ${NEAREST_PASSAGES} nearest.`,
    table(
      [
        'm / efConstruction / efSearch',
        'recall, mean',
        'recall, worst 1 %',
        'p50 ms',
        'p99 ms',
        'p50 ÷ exact',
        'build s',
        'file MB',
      ],
      [
        [
          'exact scan (baseline)',
          '1.0000',
          '1.00',
          number(baseline),
          number(percentile(scan.milliseconds, 0.99)),
          times(1),
          '',
          megabytes(vectors.byteLength),
        ],
        ...lines,
      ],
    ),
  ].join('\n\n');
}

/** What each query finds, and how long it takes; the first queries are asked twice, to warm up. */
function measure(store: VectorStore, queries: readonly Float32Array[]) {
  for (const query of queries.slice(0, WARM_UP)) store.nearest(query, NEAREST_PASSAGES);
  const milliseconds: number[] = [];
  const found = queries.map((query) => {
    const started = performance.now();
    const neighbors = store.nearest(query, NEAREST_PASSAGES);
    milliseconds.push(performance.now() - started);
    return new Set(neighbors.map(({ passage }) => passage));
  });
  return { found, milliseconds };
}

function share(found: ReadonlySet<number>, wanted: ReadonlySet<number>): number {
  return [...wanted].filter((passage) => found.has(passage)).length / wanted.size;
}

async function readVectors(): Promise<{ vectors: Float32Array; dimensions: number }> {
  const { INDEX_DIR: indexDir } = readConfig();
  const folder = await currentFolder(indexDir);
  if (!folder) throw new Error(`there is no index in ${indexDir}`);
  const { manifest } = await verifyFolder(folder);
  const bytes = await readFile(join(folder, FILES.vectors));
  const vectors = new Float32Array(bytes.byteLength / Float32Array.BYTES_PER_ELEMENT);
  new Uint8Array(vectors.buffer).set(bytes);
  return { vectors, dimensions: manifest.encoder.dimensions };
}

async function embedQuestions(): Promise<Float32Array[]> {
  const encoder = await openEncoder(readConfig().ENCODER);
  const vectors: Float32Array[] = [];
  for (const { question } of await developmentQuestions()) {
    vectors.push((await encoder.encodeQuery(question)).vector);
  }
  await encoder.close();
  return vectors;
}
