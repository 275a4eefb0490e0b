/** Worker threads from a module beside the caller, whether it runs from TypeScript sources or compiled. */
import { setPriority } from 'node:os';
import { Piscina } from 'piscina';

/**
 * A pool of `size` threads that run the default export of `name` beside `importMetaUrl`.
 * `data` reaches the module as `workerData`.
 */
export function openPool<Task, Outcome>(
  importMetaUrl: string,
  name: string,
  size: number,
  data: unknown,
): Piscina<Task, Outcome> {
  const extension = importMetaUrl.endsWith('.ts') ? '.ts' : '.js';
  return new Piscina<Task, Outcome>({
    filename: new URL(`${name}${extension}`, importMetaUrl).href,
    minThreads: size,
    maxThreads: size,
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    // Node 20 can't load TypeScript by itself; a compiled package never takes this branch.
    execArgv: extension === '.ts' ? ['--import', 'tsx'] : [],
  });
}

/** What a task leaves behind is collected soon: the default would let each thread hold 48 MB of it. */
const YOUNG_GENERATION_MB = 8;

const BACKGROUND = 5;

/**
 * Called by a worker for itself: lets the event loop have the processor first when there are fewer processors
 * than threads. Only Linux gives a thread a priority of its own; elsewhere it would be the whole process's.
 */
export function yieldToEventLoop(): void {
  if (process.platform === 'linux') setPriority(0, BACKGROUND);
}
