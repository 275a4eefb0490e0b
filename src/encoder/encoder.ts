/** The one way from text to vectors. Inference runs on worker threads. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GlossarySearchError } from '../errors.ts';
import { openPool } from '../threads.ts';
import { modelCacheFolder } from './cache-folder.ts';
import { downloadModel, type OnDownload } from './download.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Encoding } from './model.ts';
import { type EncoderSettings, readEncoderSettings } from './settings.ts';
import type { Outcome, Task, WorkerData } from './worker.ts';

export type { Encoding } from './model.ts';

/** A query beyond this many tokens is cut, and its encoding says `truncated`. */
export const MAX_QUERY_TOKENS = 128;

export interface Encoder {
  readonly settings: EncoderSettings;
  /** Equal for equal model files and settings only. */
  readonly fingerprint: string;
  encodeQuery(text: string): Promise<Encoding>;
  /** Throws if the text is longer than the model reads: a passage is never cut. */
  encodePassage(text: string): Promise<Encoding>;
  /** Tokens of each text, without prefix and special tokens. */
  countTokens(texts: readonly string[]): Promise<number[]>;
  close(): Promise<void>;
}

export interface EncoderOptions {
  /** Threads that each hold the model and encode one text at a time. */
  workers?: number;
  /** Threads within one inference. */
  threads?: number;
  /** Told while a model comes from a hub. */
  onDownload?: OnDownload;
}

/**
 * Opens the sentence model at `model` (a folder in Hugging Face layout, or a hub id) and waits until every
 * worker has it loaded.
 *
 * @throws {GlossarySearchError} `encoder-missing` or `encoder-failed`.
 */
export async function openEncoder(model: string, options: EncoderOptions = {}): Promise<Encoder> {
  const { workers = 1, threads = 1, onDownload } = options;
  const settings = await readEncoderSettings(model);
  const folder = existsSync(model) ? model : await downloadModel(model, onDownload);
  const data: WorkerData = { folder, settings, threads };
  const pool = openPool<Task, Outcome>(import.meta.url, 'worker', workers, data);
  try {
    await Promise.all(Array.from({ length: workers }, () => pool.run({ do: 'load' })));
  } catch (cause) {
    await pool.destroy();
    throw new GlossarySearchError(
      'encoder-failed',
      `The sentence model ${model} can't be loaded from ${folder}: ${(cause as Error).message}`,
      { cause },
    );
  }
  const encode = async (text: string, role: 'query' | 'passage', maxTokens: number): Promise<Encoding> =>
    (await pool.run({ do: 'encode', text, role, maxTokens })) as Encoding;
  return {
    settings,
    fingerprint: await fingerprintOf(folder, settings),
    encodeQuery: (text) => encode(text, 'query', MAX_QUERY_TOKENS),
    async encodePassage(text) {
      const encoding = await encode(text, 'passage', settings.maxTokens);
      if (encoding.truncated) {
        throw new GlossarySearchError(
          'encoder-failed',
          `A passage is longer than the ${settings.maxTokens} tokens that ${settings.name} reads: "${text.slice(0, 60)}…". ` +
            'Its title and aliases are probably too long.',
        );
      }
      return encoding;
    },
    countTokens: async (texts) => (await pool.run({ do: 'count', texts })) as number[],
    close: () => pool.destroy(),
  };
}

/** The fingerprint that `openEncoder(model)` would have, without loading the model. */
export async function fingerprintOfModel(model: string): Promise<string> {
  return fingerprintOf(folderOf(model), await readEncoderSettings(model));
}

function folderOf(model: string): string {
  return existsSync(model) ? model : join(modelCacheFolder(), model);
}
