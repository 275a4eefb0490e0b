/** How far a short query has the same words as a title or alias, whatever their order, endings and typing errors. */
import type { Glossary } from '../glossary/schema.ts';
import { type Forms, formsOf, withoutStopWords } from '../stems.ts';
import { allowedErrors } from '../words.ts';
import { editDistance } from './edit-distance.ts';

/** A longer query is a sentence: it does not name what it asks for. */
const MOST_WORDS = 6;

interface Name {
  slug: string;
  words: number;
}

export class NameWords {
  private readonly names: Name[] = [];
  /** Which names have a form of a word, by their positions. */
  private readonly having = new Map<string, Set<number>>();

  constructor(glossary: Glossary) {
    for (const { slug, translations } of glossary.entries) {
      for (const [language, { title, aliases }] of Object.entries(translations)) {
        for (const name of [title, ...aliases]) this.add(slug, contentWords(name, [language]));
      }
    }
  }

  /**
   * Dice's coefficient of the query's words and those of each entry's best name, 0 to 1; entries without a common
   * word are left out, and so is everything for a query that is too long to be a name.
   */
  match(query: string, languages: readonly string[]): Map<string, number> {
    const words = contentWords(query, languages);
    const best = new Map<string, number>();
    if (words.length > MOST_WORDS) return best;
    const common = new Map<number, number>();
    for (const forms of words) {
      for (const name of this.withWord(forms)) common.set(name, (common.get(name) ?? 0) + 1);
    }
    for (const [position, shared] of common) {
      const name = this.names[position]!;
      const dice = (2 * shared) / (words.length + name.words);
      best.set(name.slug, Math.max(dice, best.get(name.slug) ?? 0));
    }
    return best;
  }

  private add(slug: string, words: readonly Forms[]): void {
    const position = this.names.push({ slug, words: words.length }) - 1;
    for (const form of words.flat()) {
      const names = this.having.get(form) ?? new Set();
      this.having.set(form, names.add(position));
    }
  }

  /** Names that have the word in any of its forms, or else a word that differs from it by a typing error. */
  private withWord(forms: Forms): Set<number> {
    const found = forms.flatMap((form) => [...(this.having.get(form) ?? [])]);
    if (found.length > 0) return new Set(found);
    const [word] = forms;
    const limit = Math.min(2, allowedErrors(word.length));
    if (limit === 0) return new Set();
    let least = limit;
    let nearest: number[] = [];
    for (const [form, names] of this.having) {
      const distance = editDistance(word, form, least);
      if (distance > least) continue;
      nearest = distance < least ? [...names] : [...nearest, ...names];
      least = distance;
    }
    return new Set(nearest);
  }
}

/** The words that a joined one stands for (self-supervised) count, not the joined one. */
function contentWords(text: string, languages: readonly string[]): readonly Forms[] {
  const words = formsOf(text.replace(/[-/]/g, ' '), languages);
  return [...new Map(withoutStopWords(words).map((forms) => [forms[0], forms])).values()];
}
