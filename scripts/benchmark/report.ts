/** Numbers → Markdown tables. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';

/** The value below which `share` of the values lie (nearest rank); NaN for none. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: ArrayLike<number>) => percentile(values, 0.5);

/** One table; the first column is text, the others are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = head.map((_, at) => (at === 0 ? '---' : '---:'));
  return [head, line, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Three significant digits, without exponent. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.1 || value === 0 ? 2 : 3);
}

export const times = (value: number) => (Number.isFinite(value) ? `${number(value)} ×` : '–');

export const megabytes = (bytes: number) => number(bytes / 1e6);

/** What a process holds, as Linux tells it; undefined elsewhere. */
export interface ProcessMemory {
  /** Megabytes now, and at most so far. */
  resident: number;
  peak: number;
  threads: number;
}

export function memoryOf(pid: number): ProcessMemory | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined;
  }
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  const KIBIBYTE = 1024;
  return {
    resident: (field('VmRSS') * KIBIBYTE) / 1e6,
    peak: (field('VmHWM') * KIBIBYTE) / 1e6,
    threads: field('Threads'),
  };
}

export function formatMemory(memory: ProcessMemory | undefined): string {
  return memory
    ? `${number(memory.resident)} MB resident (VmRSS), ${number(memory.peak)} MB at most (VmHWM), ${memory.threads} threads`
    : 'memory unknown (there is no /proc here)';
}

/** Where the numbers come from; a load near or above the number of cores makes them useless. */
export function describeMachine(): string {
  const load = loadavg()[0]!.toFixed(2);
  return (
    `Node.js ${process.version}, ${process.platform} ${process.arch}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ` +
    `${availableParallelism()} cores, load ${load} before the run.`
  );
}
