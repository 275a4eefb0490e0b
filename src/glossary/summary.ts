/** How much there is in a glossary: the table at the end of the content check. */
import { plainText } from './markdown.ts';
import type { Glossary, Translation } from './schema.ts';

export interface LanguageSummary {
  language: string;
  entries: number;
  /** Of definitions, "why it matters" and deep dives. */
  words: number;
  questions: number;
  aliases: number;
}

export interface Summary {
  entries: number;
  languages: LanguageSummary[];
  links: number;
  linksPerEntry: number;
  categories: { category: string; entries: number }[];
  /** Entries that no other links to. */
  notLinkedTo: string[];
}

/** Words as a reader counts them: `fine-tuning` is one, a dash between spaces is none. */
export function countWords(markdown: string): number {
  return plainText(markdown)
    .split(' ')
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/** Every text of a translation, with the heading it stands under. */
export function textsOf(
  { definition, whyItMatters, sections }: Translation,
  headings: { whyItMatters?: string | undefined; deepDive?: string | undefined },
): { heading: string | null; text: string }[] {
  return [
    { heading: null, text: definition },
    ...(whyItMatters === null ? [] : [{ heading: headings.whyItMatters ?? null, text: whyItMatters }]),
    ...sections.map(({ heading, text }) => ({ heading: heading ?? headings.deepDive ?? null, text })),
  ];
}

export function slugsLinkedTo({ entries }: Glossary): Set<string> {
  return new Set(entries.flatMap(({ related }) => related));
}

export function summarize(glossary: Glossary): Summary {
  const { settings, entries } = glossary;
  const linkedTo = slugsLinkedTo(glossary);
  const links = sum(entries.map(({ related }) => related.length));
  const used = entries.map(({ category }) => category ?? '(none)');
  const categories = settings.categories?.map(({ id }) => id) ?? [...new Set(used)].sort();
  return {
    entries: entries.length,
    languages: Object.entries(settings.languages).map(([language, headings]) => {
      const translations = entries.flatMap((entry) => entry.translations[language] ?? []);
      return {
        language,
        entries: translations.length,
        words: sum(
          translations.flatMap((translation) =>
            textsOf(translation, headings).map(({ text }) => countWords(text)),
          ),
        ),
        questions: sum(translations.map(({ questions }) => questions.length)),
        aliases: sum(translations.map(({ aliases }) => aliases.length)),
      };
    }),
    links,
    linksPerEntry: entries.length === 0 ? 0 : links / entries.length,
    categories: categories.map((category) => ({
      category,
      entries: used.filter((other) => other === category).length,
    })),
    notLinkedTo: entries.filter(({ slug }) => !linkedTo.has(slug)).map(({ slug }) => slug),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The summary as Markdown tables. */
export function formatSummary(summary: Summary): string {
  const { notLinkedTo } = summary;
  return [
    '| language | entries | words | questions | aliases |\n| --- | ---: | ---: | ---: | ---: |',
    ...summary.languages.map(
      ({ language, entries, words, questions, aliases }) =>
        `| ${language} | ${entries} | ${words} | ${questions} | ${aliases} |`,
    ),
    '\n| category | entries |\n| --- | ---: |',
    ...summary.categories.map(({ category, entries }) => `| ${category} | ${entries} |`),
    `\n${summary.entries} entries, ${summary.links} links, ${summary.linksPerEntry.toFixed(1)} per entry.`,
    ...(notLinkedTo.length > 0
      ? [`${notLinkedTo.length} that no entry links to: ${notLinkedTo.join(', ')}.`]
      : []),
  ].join('\n');
}
