/** Queries that were embedded lately: a page that searches while one types asks the same again and again. */
import { LRUCache } from 'lru-cache';
import type { Encoder, Encoding } from './encoder.ts';

/** About 30 kB each. */
const CACHED_QUERIES = 500;

/** The same encoder, which remembers its last queries. */
export function withQueryCache(encoder: Encoder): Encoder {
  const cache = new LRUCache<string, Promise<Encoding>>({ max: CACHED_QUERIES });
  return {
    ...encoder,
    encodeQuery(text) {
      const known = cache.get(text);
      if (known) return known;
      const encoding = encoder.encodeQuery(text);
      cache.set(text, encoding);
      encoding.catch(() => cache.delete(text));
      return encoding;
    },
  };
}
