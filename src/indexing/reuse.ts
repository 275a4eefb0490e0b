/** Passages of the index in force that need not be embedded again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FILES } from './manifest.ts';
import { currentFolder, verifyFolder } from './storage.ts';
import type { StoredPassage } from './stored-passage.ts';
import { offsetsOf, type QuantizedTokens } from './tokens.ts';

export interface Embedded {
  vector: Float32Array;
  tokens: QuantizedTokens;
}

/** What is known by the hash of the embedded text. */
export type KnownPassages = ReadonlyMap<string, Embedded>;

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
    const vectors = new Float32Array(await read(FILES.vectors));
    const values = new Int8Array(await read(FILES.tokens));
    const scales = new Float32Array(await read(FILES.tokenScales));
    const ids = new Int32Array(await read(FILES.tokenIds));
    const offsets = offsetsOf(passages.map(({ tokens }) => tokens));
    const { dimensions, tokenDimensions } = encoder;
    return new Map(
      passages.map(({ hash }, at) => {
        const [start, end] = [offsets[at]!, offsets[at + 1]!];
        const embedded: Embedded = {
          vector: vectors.subarray(at * dimensions, (at + 1) * dimensions),
          tokens: {
            values: values.subarray(start * tokenDimensions, end * tokenDimensions),
            scales: scales.subarray(start, end),
            ids: ids.subarray(start, end),
          },
        };
        return [hash, embedded];
      }),
    );
  } catch {
    return undefined;
  }
}
