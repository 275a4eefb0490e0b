/** What other programs may import: building an index, and searching it. */
export { GlossarySearchError } from './errors.ts';
export { type BuildOptions, type BuildResult, buildIndex } from './indexing/build.ts';
export { Engine, type EngineOptions } from './search/engine.ts';
export type { RelatedTerm } from './search/related.ts';
export type { Hit, Match, Mode, SearchRequest, SearchResult } from './search/search.ts';
