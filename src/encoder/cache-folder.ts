/** Where models from a hub are kept. */
import { homedir } from 'node:os';
import { join } from 'node:path';

export function modelCacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'glossary-search', 'models');
}
