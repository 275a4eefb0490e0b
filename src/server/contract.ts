/** Version 1 of the HTTP contract: what may be asked and what is answered. The types come from these schemas. */
import { z } from 'zod';
import { languageCodeSchema, slugSchema } from '../glossary/schema.ts';
import { PASSAGE_KINDS } from '../passages/passages.ts';
import { MODES } from '../search/mode.ts';

export const MAX_QUERY_LENGTH = 1000;
export const MAX_LIMIT = 50;
const DEFAULT_LIMIT = 10;
export const MAX_PAGE = 500;

const question = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing: ask a question' : 'must be text') })
  .trim()
  .min(1, 'must not be empty')
  .max(MAX_QUERY_LENGTH, `must not be longer than ${MAX_QUERY_LENGTH} characters`);
const limit = z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT);
const numberInUrl = (schema: z.ZodType<number, number | undefined>) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform((digits): number | undefined => Number(digits))
    .optional()
    .pipe(schema);
const flagInUrl = z
  .enum(['true', 'false', '1', '0'])
  .default('false')
  .transform((value) => value === 'true' || value === '1');
const listInUrl = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => [value].flat().filter((item) => item !== ''))
  .optional();
const language = languageCodeSchema.optional();

/** `GET /v1/search` */
export const searchQuerySchema = z.strictObject({
  q: question,
  lang: language,
  limit: numberInUrl(limit),
  category: listInUrl,
  mode: z.enum(MODES).default('hybrid'),
  explain: flagInUrl,
});

/** `POST /v1/search` */
export const searchBodySchema = z.strictObject({
  query: question,
  lang: language,
  limit,
  categories: z.array(z.string().min(1)).max(50).optional(),
  mode: z.enum(MODES).default('hybrid'),
  explain: z.boolean().default(false),
});

/** `GET /v1/terms` */
export const termsQuerySchema = z.strictObject({
  lang: language,
  category: listInUrl,
  letter: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^(?:\p{L}|#)$/u, 'must be one letter, or # for what begins with none')
    .optional(),
  limit: numberInUrl(z.int().min(1).max(MAX_PAGE).default(50)),
  cursor: z.string().optional(),
});

/** `GET /v1/terms/:slug` */
export const termQuerySchema = z.strictObject({ lang: language });

/** `GET /v1/terms/:slug/related` */
export const relatedQuerySchema = z.strictObject({
  lang: language,
  limit: numberInUrl(z.int().min(1).max(MAX_LIMIT).default(6)),
});

const indexVersion = z.string();
const url = z.string();

export const hitSchema = z.strictObject({
  rank: z.int(),
  slug: slugSchema,
  title: z.string(),
  aliases: z.array(z.string()),
  category: z.string().nullable(),
  language: z.string(),
  definition: z.string(),
  score: z.number().min(0).max(1),
  url,
  match: z.strictObject({
    kind: z.enum(PASSAGE_KINDS),
    passage: z.string(),
    heading: z.string().nullable(),
    question: z.string().nullable(),
    language: z.string(),
    text: z.string(),
    highlights: z.array(z.tuple([z.int(), z.int()])),
  }),
  signals: z.record(z.string(), z.number()).optional(),
});

export const searchResponseSchema = z.strictObject({
  query: z.string(),
  corrected: z.string().nullable(),
  language: z.string(),
  mode: z.enum(MODES),
  degraded: z.boolean(),
  truncated: z.boolean(),
  answered: z.boolean(),
  calibrated: z.boolean(),
  results: z.array(hitSchema),
  index: indexVersion,
});

const termSummarySchema = z.strictObject({
  slug: slugSchema,
  title: z.string(),
  category: z.string().nullable(),
  categoryName: z.string().nullable(),
  language: z.string(),
  definition: z.string(),
  url,
});

export const termsResponseSchema = z.strictObject({
  language: z.string(),
  total: z.int(),
  terms: z.array(termSummarySchema),
  /** Pass it on for the next page; null on the last one. */
  cursor: z.string().nullable(),
  index: indexVersion,
});

const neighborSchema = z.strictObject({ slug: slugSchema, title: z.string(), url }).nullable();

/** Texts are Markdown; each says in which language it is shown. */
export const termResponseSchema = z.strictObject({
  slug: slugSchema,
  title: z.string(),
  aliases: z.array(z.string()),
  category: z.string().nullable(),
  categoryName: z.string().nullable(),
  language: z.string(),
  definition: z.string(),
  whyItMatters: z.strictObject({ language: z.string(), text: z.string() }).nullable(),
  sections: z.array(
    z.strictObject({ language: z.string(), heading: z.string().nullable(), text: z.string() }),
  ),
  questions: z.array(z.string()),
  related: z.array(z.strictObject({ slug: slugSchema, title: z.string(), url })),
  previous: neighborSchema,
  next: neighborSchema,
  languages: z.array(z.string()),
  index: indexVersion,
});

export const relatedResponseSchema = z.strictObject({
  slug: slugSchema,
  language: z.string(),
  results: z.array(
    z.strictObject({
      slug: slugSchema,
      title: z.string(),
      definition: z.string(),
      language: z.string(),
      score: z.number().min(0).max(1),
      reason: z.enum(['editorial', 'similar']),
      url,
    }),
  ),
  index: indexVersion,
});

/** RFC 9457 */
export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  nearest: z.array(z.string()).optional(),
});

export type SearchResponse = z.infer<typeof searchResponseSchema>;
export type TermsResponse = z.infer<typeof termsResponseSchema>;
export type TermResponse = z.infer<typeof termResponseSchema>;
export type RelatedResponse = z.infer<typeof relatedResponseSchema>;
export type ProblemDetails = z.infer<typeof problemSchema>;
