/** The sentence model itself, in this thread: text → token ids → vectors. Only worker.ts loads it. */
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { AutoModel, AutoTokenizer, env, LogLevel, Tensor } from '@xenova/transformers';
import { fold, isStopWord } from '../words.ts';
import { modelCacheFolder } from './cache-folder.ts';
import type { EncoderSettings } from './settings.ts';

export type Role = 'query' | 'passage';

/** What a text becomes. Prefix and special tokens take part in the inference and are left out here. */
export interface Encoding {
  /** Unit vector of the whole text, `dimensions` long. */
  vector: Float32Array;
  tokenIds: Int32Array;
  /** Of each token, whether it bears meaning: no punctuation, no stop word. */
  meaningful: boolean[];
  /** Unit vectors of the tokens, row after row: `tokenIds.length × dimensions`. */
  tokenVectors: Float32Array;
  /** Whether the text had more tokens than were encoded. */
  truncated: boolean;
  /** Share of the text's characters (white space aside) that the vocabulary can't spell, 0 to 1. */
  unknownShare: number;
}

export interface Model {
  encode(text: string, role: Role, maxTokens: number): Promise<Encoding>;
  countTokens(texts: readonly string[]): number[];
}

/** Loads the model from a folder, never from the network, or by hub id; `threads` is for one inference. */
export async function loadModel(model: string, settings: EncoderSettings, threads: number): Promise<Model> {
  env.logLevel = LogLevel.ERROR;
  const isFolder = existsSync(model);
  const path = resolve(model);
  env.allowRemoteModels = !isFolder;
  env.cacheDir = modelCacheFolder();
  if (isFolder) env.localModelPath = dirname(path);
  const id = isFolder ? basename(path) : model;
  const tokenizer = await AutoTokenizer.from_pretrained(id);
  const network = await AutoModel.from_pretrained(id, {
    dtype: 'q8',
    session_options: {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Lengths differ from call to call, so remembered patterns of memory would only grow.
      enableMemPattern: false,
    },
  });
  const special = new Set(tokenizer.all_special_ids);
  const unknown = tokenizer.unk_token_id;
  const vocabulary = tokenizer.get_vocab();
  const pieces = new Map(Array.from(vocabulary, ([piece, id]) => [id, piece]));
  const marksWords = [...pieces.values()].some((piece) => piece.startsWith('▁'));
  const prefixes = {
    query: countPrefixTokens(settings.queryPrefix),
    passage: countPrefixTokens(settings.passagePrefix),
  };

  function countPrefixTokens(prefix: string): number {
    return prefix === '' ? 0 : tokenizer.encode(prefix.trimEnd(), { add_special_tokens: false }).length;
  }

  /** A stop word is one only as a whole: `▁a` in "a dog", not in `▁a` + `dapter`. */
  function bearsMeaning(id: number, next: number | undefined): boolean {
    const piece = pieces.get(id) ?? '';
    if (!/[\p{L}\p{N}]/u.test(piece)) return false;
    const isWhole =
      startsWord(piece) && (next === undefined || special.has(next) || startsWord(pieces.get(next) ?? ''));
    return !(isWhole && isStopWord(fold(piece.replace('▁', ''))));
  }

  function startsWord(piece: string): boolean {
    return !/[\p{L}\p{N}]/u.test(piece) || (marksWords ? piece.startsWith('▁') : !piece.startsWith('##'));
  }

  function unknownShareOf(text: string): number {
    const spelled = text.normalize('NFKC').replace(/\s+/g, '');
    if (spelled === '') return 0;
    const known = tokenizer
      .tokenize(text)
      .filter((piece: string) => vocabulary.has(piece) && vocabulary.get(piece) !== unknown)
      .reduce((length: number, piece: string) => length + piece.replace(/[▁\s]|^##/g, '').length, 0);
    return Math.max(0, 1 - known / spelled.length);
  }

  return {
    countTokens(texts) {
      return texts.map((text) => tokenizer.encode(text, { add_special_tokens: false }).length);
    },

    async encode(text, role, maxTokens) {
      const prefix = role === 'query' ? settings.queryPrefix : settings.passagePrefix;
      const all = tokenizer.encode(prefix + text);
      const limit = Math.min(settings.maxTokens, maxTokens + prefixes[role] + 2);
      const truncated = all.length > limit;
      const ids = truncated ? [...all.slice(0, limit - 1), all[all.length - 1]!] : all;
      const hidden = await run(ids);
      const dimensions = settings.dimensions;

      const vector =
        settings.pooling === 'cls' ? hidden.slice(0, dimensions) : meanOfRows(hidden, dimensions);
      normalize(vector, 0, dimensions);

      const start = special.has(ids[0]!) ? 1 : 0;
      const kept: number[] = [];
      for (let row = start + prefixes[role]; row < ids.length; row++)
        if (!special.has(ids[row]!) || ids[row] === unknown) kept.push(row);
      const tokenVectors = new Float32Array(kept.length * dimensions);
      kept.forEach((row, position) => {
        tokenVectors.set(hidden.subarray(row * dimensions, (row + 1) * dimensions), position * dimensions);
        normalize(tokenVectors, position * dimensions, dimensions);
      });
      return {
        vector,
        tokenIds: Int32Array.from(kept, (row) => ids[row]!),
        meaningful: kept.map((row) => bearsMeaning(ids[row]!, ids[row + 1])),
        tokenVectors,
        truncated,
        unknownShare: unknownShareOf(text),
      };
    },
  };

  async function run(ids: readonly number[]): Promise<Float32Array> {
    const shape = [1, ids.length];
    const fill = (value: bigint) => new Tensor('int64', new BigInt64Array(ids.length).fill(value), shape);
    const inputs: Record<string, Tensor> = {
      input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
      attention_mask: fill(1n),
    };
    if (tokenizer.return_token_type_ids) inputs.token_type_ids = fill(0n);
    const { last_hidden_state: output } = (await network(inputs)) as { last_hidden_state: Tensor };
    const width = output.dims.at(-1);
    if (width !== settings.dimensions) {
      throw new Error(`the model gives ${width} dimensions, its settings say ${settings.dimensions}`);
    }
    return output.data as Float32Array;
  }
}

function meanOfRows(rows: Float32Array, dimensions: number): Float32Array {
  const mean = new Float32Array(dimensions);
  const count = rows.length / dimensions;
  for (let at = 0; at < rows.length; at++) mean[at % dimensions]! += rows[at]! / count;
  return mean;
}

/** Scales `length` values from `offset` on to a vector of length 1, in place. */
function normalize(values: Float32Array, offset: number, length: number): void {
  let sum = 0;
  for (let at = offset; at < offset + length; at++) sum += values[at]! * values[at]!;
  const norm = Math.sqrt(sum) || 1;
  for (let at = offset; at < offset + length; at++) values[at]! /= norm;
}
