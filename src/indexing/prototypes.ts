/** Many vectors of one entry → a few that stand for them: its ways of being asked. */
import { cosine } from './vectors.ts';

export interface Prototype {
  /** Unit vector. */
  vector: Float32Array;
  /** Position of the vector that lies nearest to it. */
  nearest: number;
}

const ROUNDS = 12;

/**
 * At most `count` prototypes of unit vectors by spherical k-means (Dhillon and Modha 2001), begun with vectors
 * that lie far from each other, so that the result is the same at every run.
 */
export function prototypesOf(vectors: readonly Float32Array[], count: number): Prototype[] {
  let centres = farApart(vectors, Math.min(count, vectors.length));
  for (let round = 0; round < ROUNDS; round++) {
    const sums = centres.map((centre) => new Float32Array(centre.length));
    for (const vector of vectors) add(sums[mostAlike(vector, centres)]!, vector);
    centres = sums.map((sum, at) => normalized(sum) ?? centres[at]!);
  }
  return centres.map((vector) => ({ vector, nearest: mostAlike(vector, vectors) }));
}

function farApart(vectors: readonly Float32Array[], count: number): Float32Array[] {
  const chosen: Float32Array[] = [];
  const closeness = vectors.map(() => -Infinity);
  for (let next = 0; chosen.length < count; ) {
    chosen.push(vectors[next]!);
    vectors.forEach((vector, at) => {
      closeness[at] = Math.max(closeness[at]!, cosine(vector, vectors[next]!));
    });
    next = closeness.indexOf(Math.min(...closeness));
  }
  return chosen;
}

function mostAlike(vector: Float32Array, others: readonly Float32Array[]): number {
  let best = 0;
  let highest = -Infinity;
  others.forEach((other, at) => {
    const similarity = cosine(vector, other);
    if (similarity > highest) {
      highest = similarity;
      best = at;
    }
  });
  return best;
}

function add(sum: Float32Array, vector: Float32Array): void {
  for (let at = 0; at < sum.length; at++) sum[at]! += vector[at]!;
}

/** Undefined for a cluster that nothing belongs to. */
function normalized(sum: Float32Array): Float32Array | undefined {
  const norm = Math.hypot(...sum);
  return norm > 0 ? sum.map((value) => value / norm) : undefined;
}
