/** A glossary as its reader sees it: one language, with the default language where a part is not translated. */
import { normalizeName } from './names.ts';
import type { Entry, Glossary, Section, Translation } from './schema.ts';

/** A part of an entry with the language it is shown in, which may be the default one. */
export interface Localized<T> {
  language: string;
  value: T;
}

/** The translation to show in `language`: its own, or the default language's. */
export function translationIn(glossary: Glossary, entry: Entry, language: string): Localized<Translation> {
  const own = entry.translations[language];
  if (own) return { language, value: own };
  const fallback = glossary.settings.defaultLanguage;
  return { language: fallback, value: entry.translations[fallback]! };
}

/** "Why it matters" in `language`, else in the default language; null if it was never written. */
export function whyItMattersIn(glossary: Glossary, entry: Entry, language: string): Localized<string> | null {
  for (const code of [language, glossary.settings.defaultLanguage]) {
    const value = entry.translations[code]?.whyItMatters;
    if (value) return { language: code, value };
  }
  return null;
}

/** The deep dive in `language`, else in the default language; null if it was never written. */
export function sectionsIn(glossary: Glossary, entry: Entry, language: string): Localized<Section[]> | null {
  for (const code of [language, glossary.settings.defaultLanguage]) {
    const value = entry.translations[code]?.sections;
    if (value && value.length > 0) return { language: code, value };
  }
  return null;
}

/** Entries by their title in `language`, in that language's own order. */
export function inTitleOrder(glossary: Glossary, language: string): Entry[] {
  const collator = new Intl.Collator(language, { sensitivity: 'base', numeric: true });
  const titled = glossary.entries.map((entry) => ({
    entry,
    title: translationIn(glossary, entry, language).value.title,
  }));
  titled.sort((a, b) => collator.compare(a.title, b.title) || (a.entry.slug < b.entry.slug ? -1 : 1));
  return titled.map(({ entry }) => entry);
}

/** The name of a category in `language`; its id where it has none there. */
export function categoryName(glossary: Glossary, id: string, language: string): string {
  return glossary.settings.categories?.find((category) => category.id === id)?.names[language] ?? id;
}

/** The letter under which a title is listed: accents removed, `#` for what is no letter. */
export function initialOf(title: string): string {
  const first = normalizeName(title).charAt(0).toUpperCase();
  return /\p{L}/u.test(first) ? first : '#';
}
