/** A ranked entry → what the asker sees: its text in their language, and the passage that matched. */
import { plainText } from '../glossary/markdown.ts';
import type { Translation } from '../glossary/schema.ts';
import { translationIn } from '../glossary/view.ts';
import type { Index } from '../indexing/open.ts';
import type { PassageKind } from '../passages/passages.ts';
import { type Calibration, calibrate } from './calibrate.ts';
import type { Evidence } from './evidence.ts';
import { lengthOf, type Ranked } from './fuse.ts';
import { highlight, type Range } from './highlight.ts';

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
  /** What each signal contributed, in logits; they and `base` add up to the logit of `score`. */
  signals?: Record<string, number>;
}

/** The entry ranked at `rank` as it is shown in `language`; `explain` adds what each signal contributed. */
export function toHit(
  index: Index,
  query: string,
  language: string,
  { evidence, contributions }: Ranked,
  rank: number,
  calibration: Calibration,
  explain: boolean,
): Hit {
  const entry = index.entry(evidence.slug)!;
  const shown = translationIn(index.glossary, entry, language);
  const definition = plainDefinition(shown.value);
  const { probability, explained } = calibrate(contributions, lengthOf(query), calibration);
  return {
    rank,
    slug: entry.slug,
    title: shown.value.title,
    aliases: shown.value.aliases,
    category: entry.category,
    language: shown.language,
    definition,
    score: round(probability),
    match: matchOf(index, query, evidence, shown.language, definition),
    ...(explain && { signals: mapValues(explained, round) }),
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
  const textLanguage = answers ? best.language : language;
  return {
    kind: best?.kind ?? 'definition',
    passage: best?.id ?? `${evidence.slug}/${language}/definition/1`,
    heading: best?.heading ?? null,
    question: best?.kind === 'question' ? best.text : null,
    language: textLanguage,
    text,
    highlights: highlight(text, textLanguage, query),
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

const plainDefinitions = new WeakMap<Translation, string>();

/** The definition without Markdown; parsing it for ten hits of each search would cost more than the ranking. */
export function plainDefinition(translation: Translation): string {
  const known = plainDefinitions.get(translation);
  if (known !== undefined) return known;
  const plain = plainText(translation.definition);
  plainDefinitions.set(translation, plain);
  return plain;
}
