/** What an index says of itself, so that nothing is read that doesn't belong together. */
import { z } from 'zod';

/** Raised whenever what the build writes changes its meaning; an index of another format is built anew. */
export const FORMAT = 2;

/** The files of an index, beside `manifest.json`. */
export const FILES = {
  glossary: 'glossary.json',
  passages: 'passages.json',
  vectors: 'vectors.i8',
  vectorScales: 'vector-scales.f32',
  graph: 'vectors.hnsw',
  tokens: 'tokens.i8',
  tokenScales: 'token-scales.f32',
  tokenIds: 'token-ids.i32',
  keywords: 'keywords.json',
} as const;

export const MANIFEST_FILE = 'manifest.json';

const fileSchema = z.strictObject({ bytes: z.int().nonnegative(), sha256: z.string() });

export const graphSettingsSchema = z.strictObject({ m: z.int(), efConstruction: z.int(), efSearch: z.int() });
export type GraphSettings = z.infer<typeof graphSettingsSchema>;

export const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** Short name of this content under this encoder; every response carries it. */
  version: z.string(),
  builtAt: z.iso.datetime(),
  contentHash: z.string(),
  encoder: z.strictObject({
    name: z.string(),
    fingerprint: z.string(),
    dimensions: z.int().positive(),
    tokenDimensions: z.int().positive(),
  }),
  counts: z.strictObject({ entries: z.int(), passages: z.int(), tokens: z.int() }),
  /** null where the native library wasn't there at build time. */
  graph: graphSettingsSchema.nullable(),
  files: z.record(z.string(), fileSchema),
});

export type Manifest = z.infer<typeof manifestSchema>;
