/** How a sentence model wants to be used: pooling, prefixes, lengths. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GlossarySearchError } from '../errors.ts';
import { modelCacheFolder } from './cache-folder.ts';

export const encoderSettingsSchema = z.strictObject({
  name: z.string().min(1),
  pooling: z.enum(['mean', 'cls']).default('mean'),
  normalize: z.literal(true).default(true),
  queryPrefix: z.string().default(''),
  passagePrefix: z.string().default(''),
  dimensions: z.int().positive(),
  /** Width of the model's output `token_vectors`; without it, late interaction uses the last hidden states. */
  tokenDimensions: z.int().positive().optional(),
  maxTokens: z.int().min(16).default(512),
  license: z.string().optional(),
});

export type EncoderSettings = z.infer<typeof encoderSettingsSchema>;

export const SETTINGS_FILE = 'encoder.json';

/** Models that are known by their hub id, as their model cards say. */
const PRESETS: Record<string, EncoderSettings> = {
  'Xenova/multilingual-e5-small': preset('multilingual-e5-small', 'query: ', 'passage: ', 'mean', 512, 'MIT'),
  'Xenova/all-MiniLM-L6-v2': preset('all-MiniLM-L6-v2', '', '', 'mean', 256, 'Apache-2.0'),
  'Xenova/bge-small-en-v1.5': preset(
    'bge-small-en-v1.5',
    'Represent this sentence for searching relevant passages: ',
    '',
    'cls',
    512,
    'MIT',
  ),
  'Xenova/paraphrase-multilingual-MiniLM-L12-v2': preset(
    'paraphrase-multilingual-MiniLM-L12-v2',
    '',
    '',
    'mean',
    128,
    'Apache-2.0',
  ),
};

function preset(
  name: string,
  queryPrefix: string,
  passagePrefix: string,
  pooling: EncoderSettings['pooling'],
  maxTokens: number,
  license: string,
): EncoderSettings {
  return { name, queryPrefix, passagePrefix, pooling, maxTokens, license, normalize: true, dimensions: 384 };
}

/**
 * The settings of the model at `encoder`: `encoder.json` in its folder (of a hub id, in the cache), or the preset.
 *
 * @throws {GlossarySearchError} `encoder-missing` when neither is there, `encoder-failed` when the file is wrong.
 */
export async function readEncoderSettings(encoder: string): Promise<EncoderSettings> {
  const isFolder = existsSync(encoder);
  const path = join(isFolder ? encoder : join(modelCacheFolder(), encoder), SETTINGS_FILE);
  if (existsSync(path)) {
    const parsed = encoderSettingsSchema.safeParse(await readJson(path));
    if (parsed.success) return parsed.data;
    throw new GlossarySearchError(
      'encoder-failed',
      `${path} is not as it should be: ${z.prettifyError(parsed.error)}`,
    );
  }
  const known = PRESETS[encoder];
  if (known) return known;
  if (!isFolder && !/^[\w.-]+\/[\w.-]+$/.test(encoder)) {
    throw new GlossarySearchError(
      'encoder-missing',
      `There is no sentence model at ${encoder}. Set ENCODER (or --encoder) to a folder in Hugging Face layout or to a hub id.`,
    );
  }
  throw new GlossarySearchError(
    'encoder-missing',
    `It is not known how the model ${encoder} wants to be used. Write ${path} with at least ` +
      `"name" and "dimensions" (docs/encoder.md), or use one of: ${Object.keys(PRESETS).join(', ')}.`,
  );
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new GlossarySearchError('encoder-failed', `${path} can't be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}
