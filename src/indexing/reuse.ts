/** Passages of the index in force that need not be embedded again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FILES } from './manifest.ts';
import { unitVectorsOf } from './quantize.ts';
import { currentFolder, verifyFolder } from './storage.ts';
import type { StoredPassage } from './stored-passage.ts';
import { offsetsOf, type QuantizedTokens } from './tokens.ts';

export interface Embedded {
  vector: Float32Array;
  tokens: QuantizedTokens;
}

export interface KnownPassages {
  /** By the hash of the embedded text. */
  byText: ReadonlyMap<string, Embedded>;
  /** Those chosen from all the ways in which an entry is asked for, by the hash of these. */
  byAsked: ReadonlyMap<string, AskedPassage[]>;
}

/** A passage that stands for several. */
export interface AskedPassage {
  passage: Pick<StoredPassage, 'language' | 'text'>;
  vector: Float32Array;
}

/** Reads the index in force; undefined where it is missing, damaged, or of another encoder: all is embedded then. */
export async function readKnownPassages(
  indexDir: string,
  fingerprint: string,
): Promise<KnownPassages | undefined> {
  try {
    const folder = await currentFolder(indexDir);
    if (!folder) return undefined;
    const { encoder } = (await verifyFolder(folder)).manifest;
    if (encoder.fingerprint !== fingerprint) return undefined;
    const read = async (name: string) => {
      const { buffer, byteOffset, byteLength } = await readFile(join(folder, name));
      return buffer.slice(byteOffset, byteOffset + byteLength);
    };
    const passages = JSON.parse(await readFile(join(folder, FILES.passages), 'utf8')) as StoredPassage[];
    const vectors = unitVectorsOf({
      values: new Int8Array(await read(FILES.vectors)),
      scales: new Float32Array(await read(FILES.vectorScales)),
    });
    const values = new Int8Array(await read(FILES.tokens));
    const scales = new Float32Array(await read(FILES.tokenScales));
    const ids = new Int32Array(await read(FILES.tokenIds));
    const offsets = offsetsOf(passages.map(({ tokens }) => tokens));
    const { dimensions, tokenDimensions } = encoder;
    const byText = new Map<string, Embedded>();
    const byAsked = new Map<string, AskedPassage[]>();
    passages.forEach(({ hash, kind, language, text }, at) => {
      const [start, end] = [offsets[at]!, offsets[at + 1]!];
      const vector = vectors.subarray(at * dimensions, (at + 1) * dimensions);
      if (kind === 'asked') {
        byAsked.set(hash, [...(byAsked.get(hash) ?? []), { passage: { language, text }, vector }]);
        return;
      }
      byText.set(hash, {
        vector,
        tokens: {
          values: values.subarray(start * tokenDimensions, end * tokenDimensions),
          scales: scales.subarray(start, end),
          ids: ids.subarray(start, end),
        },
      });
    });
    return { byText, byAsked };
  } catch {
    return undefined;
  }
}
