/** The sentence model itself, in this thread: text → token ids → vectors. Only worker.ts loads it. */
import { basename, dirname, resolve } from 'node:path';
import { AutoModel, AutoTokenizer, env, LogLevel, Tensor } from '@xenova/transformers';
import { fold, isStopWord } from '../words.ts';
import type { EncoderSettings } from './settings.ts';

export type Role = 'query' | 'passage';

/** What a text becomes. Prefix and special tokens take part in the inference and are left out here. */
export interface Encoding {
  /** Unit vector of the whole text, `dimensions` long. */
  vector: Float32Array;
  tokenIds: Int32Array;
  /** Of each token, whether it bears meaning: no punctuation, no stop word. */
  meaningful: boolean[];
  /** Unit vectors of the tokens, row after row: `tokenIds.length × (tokenDimensions ?? dimensions)`. */
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

/** Loads the model from a folder, never from the network; `threads` is for one inference. */
export async function loadModel(folder: string, settings: EncoderSettings, threads: number): Promise<Model> {
  env.logLevel = LogLevel.ERROR;
  const path = resolve(folder);
  env.allowRemoteModels = false;
  env.localModelPath = dirname(path);
  const id = basename(path);
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
      const { hidden, ofTokens } = await run(ids);
      const vector =
        settings.pooling === 'cls'
          ? hidden.slice(0, settings.dimensions)
          : meanOfRows(hidden, settings.dimensions);
      normalize(vector, 0, settings.dimensions);

      const start = special.has(ids[0]!) ? 1 : 0;
      const kept: number[] = [];
      for (let row = start + prefixes[role]; row < ids.length; row++)
        if (!special.has(ids[row]!) || ids[row] === unknown) kept.push(row);
      const dimensions = settings.tokenDimensions ?? settings.dimensions;
      const tokenVectors = new Float32Array(kept.length * dimensions);
      kept.forEach((row, position) => {
        tokenVectors.set(ofTokens.subarray(row * dimensions, (row + 1) * dimensions), position * dimensions);
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

  /** The last hidden states and the vectors for late interaction: an output of its own, else the former. */
  async function run(ids: readonly number[]): Promise<{ hidden: Float32Array; ofTokens: Float32Array }> {
    const shape = [1, ids.length];
    const fill = (value: bigint) => new Tensor('int64', new BigInt64Array(ids.length).fill(value), shape);
    const inputs: Record<string, Tensor> = {
      input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
      attention_mask: fill(1n),
    };
    if (tokenizer.return_token_type_ids) inputs.token_type_ids = fill(0n);
    const outputs = (await network(inputs)) as Record<string, Tensor>;
    const rows = (name: string, expected: number) => {
      const output = outputs[name];
      if (!output) throw new Error(`the model has no output ${name}`);
      const width = output.dims.at(-1);
      if (width !== expected) {
        throw new Error(`${name} of the model has ${width} dimensions, its settings say ${expected}`);
      }
      return output.data as Float32Array;
    };
    const hidden = rows('last_hidden_state', settings.dimensions);
    const { tokenDimensions } = settings;
    return { hidden, ofTokens: tokenDimensions ? rows('token_vectors', tokenDimensions) : hidden };
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
