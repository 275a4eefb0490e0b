/** What to read after an entry: what its editors linked, then what lies near it. */
import { translationIn } from '../glossary/view.ts';
import type { Index } from '../indexing/open.ts';
import { cosine } from '../indexing/vectors.ts';
import { plainDefinition } from './hit.ts';

export interface RelatedTerm {
  slug: string;
  title: string;
  definition: string;
  language: string;
  /** How near the two definitions are: 1 for the same text, 0 for a typical pair of entries of this glossary. */
  score: number;
  /** `editorial`: linked by hand; `similar`: near in the vector space. */
  reason: 'editorial' | 'similar';
}

/** Neighbours that are looked at beyond the wanted number, since an entry has several passages among them. */
const NEIGHBORS_PER_RESULT = 8;

/** At most `limit` terms related to `slug`, the editors' first, in the language `language`. */
export function related(index: Index, slug: string, language: string, limit: number): RelatedTerm[] {
  const { glossary } = index;
  const entry = index.entry(slug);
  if (!entry) return [];
  const own = definitionVector(index, slug);
  const similar = index.vectors
    .nearest(own, (limit + entry.related.length + 1) * NEIGHBORS_PER_RESULT, (passage) =>
      isMainDefinition(index, passage),
    )
    .map(({ passage }) => index.passages[passage]!.slug);
  const slugs = [...new Set([...entry.related, ...similar])]
    .filter((other) => other !== slug)
    .slice(0, limit);
  const typical = typicalSimilarity(index);
  return slugs.map((other) => {
    const shown = translationIn(glossary, index.entry(other)!, language);
    const similarity = cosine(own, definitionVector(index, other));
    return {
      slug: other,
      title: shown.value.title,
      definition: plainDefinition(shown.value),
      language: shown.language,
      score: Math.round(Math.min(1, Math.max(0, (similarity - typical) / (1 - typical))) * 1e4) / 1e4,
      reason: entry.related.includes(other) ? 'editorial' : 'similar',
    };
  });
}

function isMainDefinition(index: Index, passage: number): boolean {
  const { kind, language } = index.passages[passage]!;
  return kind === 'definition' && language === index.glossary.settings.defaultLanguage;
}

function definitionVector(index: Index, slug: string): Float32Array {
  const passage = index.passagesOf(slug).find((at) => isMainDefinition(index, at))!;
  return index.vectors.vectorOf(passage);
}

const SAMPLED_PAIRS = 500;
const typicalOf = new WeakMap<Index, number>();

/** Median cosine of pairs of definitions: encoders differ in the range that they use. */
function typicalSimilarity(index: Index): number {
  const known = typicalOf.get(index);
  if (known !== undefined) return known;
  const { entries } = index.glossary;
  const pairs = Array.from({ length: Math.min(SAMPLED_PAIRS, entries.length) }, (_, at) => {
    const first = entries[at % entries.length]!;
    const second = entries[(at * 7 + 3) % entries.length]!;
    return first === second
      ? 0
      : cosine(definitionVector(index, first.slug), definitionVector(index, second.slug));
  }).sort((a, b) => a - b);
  const median = pairs[Math.floor(pairs.length / 2)] ?? 0;
  typicalOf.set(index, median);
  return median;
}
