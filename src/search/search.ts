/** A question → the entries that answer it. */
import type { Encoder, Encoding } from '../encoder/encoder.ts';
import type { Index } from '../indexing/open.ts';
import { gatherEvidence } from './evidence.ts';
import { fuse } from './fuse.ts';
import { type Hit, toHit } from './hit.ts';
import type { LateInteraction } from './late-interaction.ts';
import type { Mode } from './mode.ts';
import type { NameIndex } from './names.ts';
import { recall } from './recall.ts';
import { CALIBRATED_ENCODER, RANKINGS } from './weights.ts';

export interface SearchRequest {
  query: string;
  /** Language to show; without it the question's own if it can be told, else `fallbackLanguage`. */
  language?: string | undefined;
  /** What the reader would like if the question doesn't tell (Accept-Language); else the default language. */
  fallbackLanguage?: string | undefined;
  /** Entries to return, 1 to 50. */
  limit: number;
  /** Only entries of these categories. */
  categories?: readonly string[] | undefined;
  mode: Mode;
  explain: boolean;
}

export interface SearchResult {
  query: string;
  /** The name that was meant, when the query is one with typing errors. */
  corrected: string | null;
  language: string;
  mode: Mode;
  /** Keywords alone answered, since the query could not be embedded or its script is unknown to the encoder. */
  degraded: boolean;
  /** The end of the query was not embedded. */
  truncated: boolean;
  answered: boolean;
  /** Whether scores are probabilities: encoder and kind of content are those they were fitted with. */
  calibrated: boolean;
  results: Hit[];
  index: string;
  /** Milliseconds of each step. */
  timings: Record<'embed' | 'recall' | 'late' | 'fuse', number>;
}

export interface SearchParts {
  index: Index;
  names: NameIndex;
  encoder: Encoder;
  late: LateInteraction;
  /** Told when a query could not be embedded. */
  onDegraded?: (error: unknown) => void;
}

/** Beyond this share of unknown characters the vectors say nothing. */
const MAX_UNKNOWN_SHARE = 0.5;

export async function search(parts: SearchParts, request: SearchRequest): Promise<SearchResult> {
  const { index } = parts;
  const query = request.query.normalize('NFC').replace(/\s+/g, ' ').trim();
  const clock = startClock();
  const encoding = await embed(parts, query, request.mode);
  clock.lap('embed');

  const wanted = encoding === undefined ? 'keyword' : request.mode;
  const recalled = recall(index, parts.names, {
    query,
    encoding,
    useKeywords: wanted !== 'semantic',
    accept: acceptCategories(index, request.categories),
  });
  clock.lap('recall');

  const late = encoding && (await scoreLate(parts, encoding, recalled.passages));
  const mode = late ? wanted : 'keyword';
  clock.lap('late');

  const { weights, calibration } = RANKINGS[mode];
  const ranked = fuse(query, gatherEvidence(index, recalled, late), weights);
  const language =
    request.language ??
    recalled.language ??
    request.fallbackLanguage ??
    index.glossary.settings.defaultLanguage;
  const results = ranked
    .slice(0, request.limit)
    .map((item, at) => toHit(index, query, language, item, at + 1, calibration, request.explain));
  const answered = (results[0]?.score ?? 0) >= calibration.answerFrom;
  clock.lap('fuse');
  return {
    query,
    corrected: recalled.name && recalled.name.distance > 0 ? recalled.name.name : null,
    language,
    mode: request.mode,
    degraded: request.mode !== mode,
    truncated: encoding?.truncated ?? false,
    answered,
    calibrated: isCalibrated(parts, mode),
    results,
    index: index.manifest.version,
    timings: clock.laps,
  };
}

/** The query's vectors; undefined where they can't be had or would say nothing, and keywords have to answer. */
async function embed(
  { encoder, onDegraded }: SearchParts,
  query: string,
  mode: Mode,
): Promise<Encoding | undefined> {
  if (mode === 'keyword') return undefined;
  try {
    const encoding = await encoder.encodeQuery(query);
    return encoding.unknownShare > MAX_UNKNOWN_SHARE || encoding.tokenIds.length === 0 ? undefined : encoding;
  } catch (error) {
    onDegraded?.(error);
    return undefined;
  }
}

/** Late interaction; undefined where it failed, and keywords have to answer. */
async function scoreLate(
  { late, index, onDegraded }: SearchParts,
  encoding: Encoding,
  passages: readonly number[],
): Promise<Float32Array | undefined> {
  try {
    return await late.score(encoding, index.tokens, passages);
  } catch (error) {
    onDegraded?.(error);
    return undefined;
  }
}

function acceptCategories(index: Index, categories: readonly string[] | undefined) {
  if (!categories || categories.length === 0) return undefined;
  const wanted = new Set(categories);
  return (slug: string) => wanted.has(index.entry(slug)?.category ?? '');
}

function isCalibrated({ encoder, index }: SearchParts, mode: Mode): boolean {
  return mode === 'hybrid' && encoder.settings.name === CALIBRATED_ENCODER && index.furtherAsked.size > 0;
}

function startClock() {
  const laps = { embed: 0, recall: 0, late: 0, fuse: 0 };
  let last = performance.now();
  return {
    laps,
    lap(step: keyof typeof laps) {
      const now = performance.now();
      laps[step] = now - last;
      last = now;
    },
  };
}
