/** A real service on a free port, over the fixture glossary. */
import { pino } from 'pino';
import { inject } from 'vitest';
import { readConfig } from '../config.ts';
import { type RunningService, serve } from '../server/serve.ts';

/** Starts it and waits until it is ready; `log` collects what it logs. */
export async function startService(
  environment: Record<string, string> = {},
  log: string[] = [],
  build: () => Promise<void> = () => Promise.reject(new Error('no build was expected')),
): Promise<RunningService> {
  const { content, indexDir, encoder } = inject('fixture');
  const config = readConfig(
    {},
    { CONTENT: content, INDEX_DIR: indexDir, ENCODER: encoder, PORT: '0', ...environment },
  );
  const service = await serve(
    config,
    pino({ level: 'debug' }, { write: (line: string) => log.push(line) }),
    build,
  );
  return service;
}
