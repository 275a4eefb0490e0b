import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { temporaryCopy, temporaryFolder } from '../testing/temporary.ts';
import { type Encoder, fingerprintOfModel, openEncoder } from './encoder.ts';
import { withQueryCache } from './query-cache.ts';

const folder = inject('fixture').encoder;
let encoder: Encoder;
beforeAll(async () => {
  encoder = await openEncoder(folder);
});
afterAll(() => encoder.close());

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, at) => sum + value * b[at]!, 0);

describe('the bundled encoder', () => {
  /** int8 on another processor differs a little from float32: both sides were measured at 0.995 and more. */
  const LEAST_COSINE = 0.97;
  const LEAST_TOKEN_COSINE = 0.95;

  it('gives the reference vectors that PyTorch gave for the same weights', async () => {
    const reference = JSON.parse(await readFile(join(folder, 'reference.json'), 'utf8')) as {
      texts: { text: string; vector: number[]; lastToken: number[] }[];
    };
    expect(reference.texts.length).toBeGreaterThanOrEqual(10);
    for (const { text, vector, lastToken } of reference.texts) {
      const [, prefix, rest] = text.match(/^(query|passage): (.*)$/s)!;
      const encoding =
        prefix === 'query' ? await encoder.encodeQuery(rest!) : await encoder.encodePassage(rest!);
      expect(dot(encoding.vector, vector), text).toBeGreaterThan(LEAST_COSINE);
      const last = encoding.tokenVectors.subarray(-lastToken.length);
      expect(dot(last, lastToken), `the last token of ${text}`).toBeGreaterThan(LEAST_TOKEN_COSINE);
    }
  });

  it('gives unit vectors, of the text and of each of its tokens', async () => {
    const { vector, tokenIds, tokenVectors, meaningful } = await encoder.encodeQuery('What is a model?');
    expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
    const dimensions = encoder.settings.tokenDimensions ?? encoder.settings.dimensions;
    expect(tokenVectors).toHaveLength(tokenIds.length * dimensions);
    for (let row = 0; row < tokenIds.length; row++) {
      expect(Math.hypot(...tokenVectors.subarray(row * dimensions, (row + 1) * dimensions))).toBeCloseTo(
        1,
        4,
      );
    }
    expect(tokenIds.length, 'prefix and special tokens are left out').toBe(
      (await encoder.countTokens(['What is a model?']))[0],
    );
    expect(meaningful.filter(Boolean), 'only "model" says what it is about').toHaveLength(1);
  });

  it('is the same for the same text, whatever was encoded before', async () => {
    const first = await encoder.encodePassage('Gradients vanish.');
    await encoder.encodePassage('Something else, rather longer than that.');
    expect((await encoder.encodePassage('Gradients vanish.')).vector).toEqual(first.vector);
  });

  it('puts a question nearer to its answer than to another text, across languages', async () => {
    const answer = await encoder.encodePassage(
      'Self-Supervised Learning: a training method in which the labels come from the data itself.',
    );
    const other = await encoder.encodePassage(
      'Beam Search: a decoding method that keeps several partial sentences.',
    );
    for (const question of [
      'how can a model learn from data nobody labelled',
      'como um modelo aprende com dados que ninguém rotulou',
      "comment apprendre de données que personne n'a étiquetées",
    ]) {
      const { vector } = await encoder.encodeQuery(question);
      expect(dot(vector, answer.vector), question).toBeGreaterThan(dot(vector, other.vector));
    }
  });

  it('cuts a query after 128 tokens and says so; a passage that is too long is an error', async () => {
    const long = 'word '.repeat(600);
    const query = await encoder.encodeQuery(long);
    expect(query.truncated).toBe(true);
    expect(query.tokenIds).toHaveLength(128);
    expect((await encoder.encodeQuery('short')).truncated).toBe(false);
    await expect(encoder.encodePassage(long)).rejects.toThrow(/longer than the 512 tokens/);
  });

  it('knows which scripts it can spell', async () => {
    expect((await encoder.encodeQuery('O que é atenção?')).unknownShare).toBe(0);
    expect((await encoder.encodeQuery('什么是机器学习')).unknownShare).toBeGreaterThan(0.8);
  });
});

describe('openEncoder', () => {
  it('fingerprints files and settings', async () => {
    expect(await fingerprintOfModel(folder)).toBe(encoder.fingerprint);
    const copy = await temporaryCopy(folder);
    expect(await fingerprintOfModel(copy)).toBe(encoder.fingerprint);
    const settings = JSON.parse(await readFile(join(copy, 'encoder.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    await writeFile(join(copy, 'encoder.json'), JSON.stringify({ ...settings, queryPrefix: 'ask: ' }));
    expect(await fingerprintOfModel(copy)).not.toBe(encoder.fingerprint);
  });

  it('says what to do about a model that is missing, unknown or broken', async () => {
    await expect(openEncoder('/nowhere/model')).rejects.toThrow(
      /no sentence model at \/nowhere\/model.*ENCODER/,
    );
    await expect(openEncoder(await temporaryFolder())).rejects.toThrow(/Write .*encoder\.json with/);
    const copy = await temporaryCopy(folder);
    await writeFile(join(copy, 'onnx/model_quantized.onnx'), 'no model');
    await expect(openEncoder(copy)).rejects.toThrow(/can't be loaded/);
    await writeFile(join(copy, 'encoder.json'), '{"name": "x", "pooling": "max", "dimensions": 384}');
    await expect(openEncoder(copy)).rejects.toThrow(/encoder\.json is not as it should be.*pooling/s);
  });
});

describe('withQueryCache', () => {
  it('encodes the same query once and forgets failures', async () => {
    let calls = 0;
    const flaky: Encoder = {
      ...encoder,
      async encodeQuery(text) {
        calls++;
        if (text === 'bad') throw new Error('no');
        return encoder.encodeQuery(text);
      },
    };
    const cached = withQueryCache(flaky);
    const [first, second] = await Promise.all([cached.encodeQuery('good'), cached.encodeQuery('good')]);
    expect(second).toBe(first);
    expect(calls).toBe(1);
    await expect(cached.encodeQuery('bad')).rejects.toThrow('no');
    await expect(cached.encodeQuery('bad')).rejects.toThrow('no');
    expect(calls).toBe(3);
  });
});
