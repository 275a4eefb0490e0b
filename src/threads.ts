/** Worker threads from a module beside the caller, whether it runs from TypeScript sources or compiled. */
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
    // Node 20 can't load TypeScript by itself; a compiled package never takes this branch.
    execArgv: extension === '.ts' ? ['--import', 'tsx'] : [],
  });
}
