/** A question → the entries that answer it. */
import type { Encoder, Encoding } from '../encoder/encoder.ts';
import { plainText } from '../glossary/markdown.ts';
import { translationIn } from '../glossary/view.ts';
import type { Index } from '../indexing/open.ts';
import type { PassageKind } from '../passages/passages.ts';
import { probability } from './calibrate.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import { fuse, lengthOf, type Ranked } from './fuse.ts';
import { highlight, type Range } from './highlight.ts';
import { detectLanguage } from './language.ts';
import type { LateInteraction } from './late-interaction.ts';
import type { NameIndex } from './names.ts';
import { recall } from './recall.ts';
import { CALIBRATED_ENCODER, RANKINGS, type Ranking } from './weights.ts';

export const MODES = ['hybrid', 'semantic', 'keyword'] as const;
export type Mode = (typeof MODES)[number];

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

export interface Match {
  kind: PassageKind;
  /** Id of the passage that spoke best for the entry. */
  passage: string;
  heading: string | null;
  /** The reader's question that matched; `text` is the definition then, since a question holds no answer. */
  question: string | null;
  language: string;
  text: string;
  highlights: Range[];
}

export interface Hit {
  rank: number;
  slug: string;
  title: string;
  aliases: string[];
  category: string | null;
  /** Of title, aliases and definition. */
  language: string;
  definition: string;
  /** Probability that the entry is right, 0 to 1; see `calibrated`. */
  score: number;
  match: Match;
  signals?: Record<string, number>;
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
  /** Whether scores are probabilities: the encoder is the one they were fitted with. */
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

  const ranking = RANKINGS[mode];
  const ranked = fuse(query, gatherEvidence(index, recalled, late), ranking.weights);
  const language = languageOf(index, query, request);
  const results = ranked
    .slice(0, request.limit)
    .map((item, at) => toHit(parts, query, language, item, at + 1, ranking, request.explain));
  const { calibration } = ranking;
  const answered = ranked.length > 0 && ranked[0]!.sum >= calibration.answerFrom;
  clock.lap('fuse');
  return {
    query,
    corrected: recalled.name && recalled.name.distance > 0 ? recalled.name.name : null,
    language,
    mode: request.mode,
    degraded: request.mode !== mode,
    truncated: encoding?.truncated ?? false,
    answered,
    calibrated: isCalibrated(parts.encoder, mode),
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

function languageOf(
  { glossary }: Index,
  query: string,
  { language, fallbackLanguage }: SearchRequest,
): string {
  const { languages, defaultLanguage } = glossary.settings;
  return language ?? detectLanguage(query, Object.keys(languages)) ?? fallbackLanguage ?? defaultLanguage;
}

function isCalibrated(encoder: Encoder, mode: Mode): boolean {
  return mode === 'hybrid' && encoder.settings.name === CALIBRATED_ENCODER;
}

function toHit(
  { index }: SearchParts,
  query: string,
  language: string,
  { evidence, sum, contributions }: Ranked,
  rank: number,
  { calibration }: Ranking,
  explain: boolean,
): Hit {
  const entry = index.entry(evidence.slug)!;
  const shown = translationIn(index.glossary, entry, language);
  const definition = plainText(shown.value.definition);
  return {
    rank,
    slug: entry.slug,
    title: shown.value.title,
    aliases: shown.value.aliases,
    category: entry.category,
    language: shown.language,
    definition,
    score: round(probability(sum, lengthOf(query), calibration)),
    match: matchOf(index, query, evidence, shown.language, definition),
    ...(explain && { signals: { ...mapValues(contributions, round), sum: round(sum) } }),
  };
}

/**
 * The passage to show: the one that spoke best, but in the reader's language where the entry has one of its
 * kind there. A question, or a bare name, is no answer: the definition is shown instead.
 */
function matchOf(
  index: Index,
  query: string,
  evidence: Evidence,
  language: string,
  definition: string,
): Match {
  const candidates = evidence.passages.map(({ passage }) => index.passages[passage]!);
  const best = candidates.find((passage) => passage.language === language) ?? candidates[0];
  const answers = best !== undefined && best.kind !== 'question' && best.kind !== 'name';
  const text = answers ? best.text : definition;
  return {
    kind: best?.kind ?? 'definition',
    passage: best?.id ?? `${evidence.slug}/${language}/definition/1`,
    heading: best?.heading ?? null,
    question: best?.kind === 'question' ? best.text : null,
    language: answers ? best.language : language,
    text,
    highlights: highlight(text, query),
  };
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

function mapValues<K extends string>(
  record: Record<K, number>,
  change: (value: number) => number,
): Record<K, number> {
  return Object.fromEntries(
    Object.entries<number>(record).map(([key, value]) => [key, change(value)]),
  ) as Record<K, number>;
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
