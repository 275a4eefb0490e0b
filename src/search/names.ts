/** Titles and aliases in every language, found as they are or with typing errors. */
import { normalizeName } from '../glossary/names.ts';
import type { Glossary } from '../glossary/schema.ts';
import { allowedErrors } from '../words.ts';
import { editDistance } from './edit-distance.ts';
import { NameWords } from './name-words.ts';

/** A name that a text means. */
export interface NameMatch {
  slug: string;
  /** As the glossary writes it. */
  name: string;
  /** Typing errors between the text and the name; 0 is the name itself. */
  distance: number;
}

export class NameIndex {
  readonly words: NameWords;
  private readonly names = new Map<string, { slug: string; name: string }>();

  constructor(glossary: Glossary) {
    this.words = new NameWords(glossary);
    for (const { slug, translations } of glossary.entries) {
      for (const { title, aliases } of Object.values(translations)) {
        for (const name of [title, ...aliases]) {
          const key = normalizeName(name);
          if (!this.names.has(key)) this.names.set(key, { slug, name });
        }
      }
      const key = normalizeName(slug);
      if (!this.names.has(key)) this.names.set(key, { slug, name: slug });
    }
  }

  /** The name that `text` is, or is but for a few typing errors. */
  match(text: string): NameMatch | undefined {
    const key = normalizeName(text);
    const exact = this.names.get(key) ?? this.names.get(singular(key));
    if (exact) return { ...exact, distance: 0 };
    const [best] = this.near(key, allowedErrors(key.length), 1);
    return best;
  }

  /** The slugs whose names are nearest to `text`, for "did you mean"; at most `count`. */
  nearestSlugs(text: string, count: number): string[] {
    const key = normalizeName(text);
    const close = this.near(key, Math.max(2, Math.floor(key.length / 3)), this.names.size).map(
      ({ slug }) => slug,
    );
    const containing = [...this.names]
      .filter(([name]) => name.includes(key) || key.includes(name))
      .map(([, { slug }]) => slug);
    return [...new Set([...close, ...containing])].slice(0, count);
  }

  private near(key: string, limit: number, count: number): NameMatch[] {
    if (limit === 0 || key === '') return [];
    const found: NameMatch[] = [];
    for (const [name, owner] of this.names) {
      const distance = editDistance(key, name, limit);
      if (distance <= limit) found.push({ ...owner, distance });
    }
    return found.sort((a, b) => a.distance - b.distance || a.name.length - b.name.length).slice(0, count);
  }
}

/** `embeddings` → `embedding`: a plural is no typing error. */
function singular(key: string): string {
  return key.replace(/(?<=\w{3})s$/, '');
}
