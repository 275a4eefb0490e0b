/** All that answers questions, opened once: the encoder, late interaction, and the index in force. */
import { type Encoder, openEncoder } from '../encoder/encoder.ts';
import { withQueryCache } from '../encoder/query-cache.ts';
import { type Index, openIndex, type Warn } from '../indexing/open.ts';
import { type LateInteraction, openLateInteraction } from './late-interaction.ts';
import { NameIndex } from './names.ts';
import { type RelatedTerm, related } from './related.ts';
import { type SearchRequest, type SearchResult, search } from './search.ts';

export interface EngineOptions {
  indexDir: string;
  /** Folder or hub id of the sentence model. */
  encoder: string;
  warn?: Warn;
  onDegraded?: (error: unknown) => void;
}

/** A loaded glossary with the search over it. Replacing the index never reloads the model. */
export class Engine {
  private readonly options: EngineOptions;
  private readonly encoder: Encoder;
  private readonly late: LateInteraction;
  private loaded: { index: Index; names: NameIndex };

  private constructor(options: EngineOptions, encoder: Encoder, late: LateInteraction, index: Index) {
    this.options = options;
    this.encoder = encoder;
    this.late = late;
    this.loaded = { index, names: new NameIndex(index.glossary) };
  }

  /**
   * Opens the encoder and the index in force, and answers one question so that the first asker need not wait.
   *
   * @throws {GlossarySearchError} as `openEncoder` and `openIndex` do.
   */
  static async open(options: EngineOptions): Promise<Engine> {
    const [encoder, late] = await Promise.all([openEncoder(options.encoder), openLateInteraction()]);
    try {
      const index = await openIndex(options.indexDir, encoder.fingerprint, options.warn);
      const engine = new Engine(options, withQueryCache(encoder), late, index);
      await engine.search({ query: index.glossary.settings.name, limit: 1, mode: 'hybrid', explain: false });
      return engine;
    } catch (error) {
      await Promise.all([encoder.close(), late.close()]);
      throw error;
    }
  }

  get index(): Index {
    return this.loaded.index;
  }

  get names(): NameIndex {
    return this.loaded.names;
  }

  /** Puts the index that is now in force in place of the old one; requests in flight finish with the old one. */
  async reload(): Promise<void> {
    const index = await openIndex(this.options.indexDir, this.encoder.fingerprint, this.options.warn);
    this.loaded = { index, names: new NameIndex(index.glossary) };
  }

  search(request: SearchRequest): Promise<SearchResult> {
    const { encoder, late } = this;
    const { onDegraded } = this.options;
    return search({ ...this.loaded, encoder, late, ...(onDegraded && { onDegraded }) }, request);
  }

  related(slug: string, language: string, limit: number): RelatedTerm[] {
    return related(this.loaded.index, slug, language, limit);
  }

  async close(): Promise<void> {
    await Promise.all([this.encoder.close(), this.late.close()]);
  }
}
