/** What other programs may import: building an index, and searching it. */
export { GlossarySearchError } from './errors.ts';
export { type BuildOptions, type BuildResult, buildIndex } from './indexing/build.ts';
export { Engine, type EngineOptions } from './search/engine.ts';
export type { Hit, Match } from './search/hit.ts';
export type { Mode } from './search/mode.ts';
export type { RelatedTerm } from './search/related.ts';
export type { SearchRequest, SearchResult } from './search/search.ts';
