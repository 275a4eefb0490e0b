/** Questions that are nearly equal: by their letters, and by what an encoder makes of them. */
import { normalizeName } from './names.ts';

/** Two questions that share this much of their trigrams differ in a word or in word order alone. */
const LEAST_JACCARD = 0.8;

/** Positions of two texts, the later one first. */
export type Pair = [later: number, earlier: number];

/**
 * Texts by their rarest character trigrams. Sets with a Jaccard similarity of at least `least` must share one
 * of their rarest `n - ⌈least · n⌉ + 1` trigrams, in any order that both keep; so only those are looked up.
 */
export class TrigramIndex {
  private readonly least: number;
  private readonly sets: Set<string>[];
  private readonly frequencies = new Map<string, number>();
  private readonly postings = new Map<string, number[]>();

  constructor(texts: readonly string[], least = LEAST_JACCARD) {
    this.least = least;
    this.sets = texts.map(trigrams);
    for (const set of this.sets) {
      for (const trigram of set) this.frequencies.set(trigram, (this.frequencies.get(trigram) ?? 0) + 1);
    }
    for (const [position, set] of this.sets.entries()) {
      for (const trigram of this.rarest(set)) {
        const list = this.postings.get(trigram);
        if (list) list.push(position);
        else this.postings.set(trigram, [position]);
      }
    }
  }

  /** Positions of the texts that nearly equal `text`, in order. */
  similarTo(text: string): number[] {
    const set = trigrams(text);
    const candidates = new Set(this.rarest(set).flatMap((trigram) => this.postings.get(trigram) ?? []));
    return [...candidates]
      .filter((position) => isSimilar(set, this.sets[position]!, this.least))
      .sort((a, b) => a - b);
  }

  private rarest(set: ReadonlySet<string>): string[] {
    const frequency = (trigram: string) => this.frequencies.get(trigram) ?? 0;
    return [...set]
      .sort((a, b) => frequency(a) - frequency(b) || (a < b ? -1 : 1))
      .slice(0, set.size - Math.ceil(this.least * set.size - 1e-9) + 1);
  }
}

function trigrams(text: string): Set<string> {
  const padded = ` ${normalizeName(text)} `;
  const found = new Set<string>();
  for (let start = 0; start + 3 <= padded.length; start++) found.add(padded.slice(start, start + 3));
  return found;
}

/** Whether the Jaccard similarity is at least `least`; stops as soon as too many trigrams are not shared. */
function isSimilar(a: ReadonlySet<string>, b: ReadonlySet<string>, least: number): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  // shared / (small + large - shared) >= least, solved for what is shared.
  const mayMiss = small.size - Math.ceil((least * (small.size + large.size)) / (1 + least) - 1e-9);
  let missed = 0;
  if (mayMiss < 0) return false;
  for (const trigram of small) if (!large.has(trigram) && ++missed > mayMiss) return false;
  return true;
}

/** Pairs of texts with nearly the same letters. */
export function pairsByLetters(texts: readonly string[]): Pair[] {
  const index = new TrigramIndex(texts);
  return texts.flatMap((text, later) =>
    index
      .similarTo(text)
      .filter((earlier) => earlier < later)
      .map((earlier): Pair => [later, earlier]),
  );
}

/** Pairs of unit vectors with at least this cosine. */
export function pairsByVector(vectors: readonly Float32Array[], leastCosine: number): Pair[] {
  const mostDistance = 2 - 2 * leastCosine;
  return vectors.flatMap((vector, later) => {
    const pairs: Pair[] = [];
    for (let earlier = 0; earlier < later; earlier++) {
      if (isWithin(vector, vectors[earlier]!, mostDistance)) pairs.push([later, earlier]);
    }
    return pairs;
  });
}

const STRIDE = 32;

/** Whether the squared distance is at most `most`; most pairs are told apart by their first dimensions. */
function isWithin(a: Float32Array, b: Float32Array, most: number): boolean {
  let distance = 0;
  for (let start = 0; start < a.length; start += STRIDE) {
    const end = Math.min(start + STRIDE, a.length);
    for (let at = start; at < end; at++) {
      const difference = a[at]! - b[at]!;
      distance += difference * difference;
    }
    if (distance > most) return false;
  }
  return true;
}
