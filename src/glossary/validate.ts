/** Checks that need more than one file: links, categories, names that two entries claim, languages. */
import type { Finding } from './findings.ts';
import { normalizeName } from './names.ts';
import type { Entry, Settings } from './schema.ts';

/** An entry with the files it was read from, so that a finding can name the line. */
export interface LocatedEntry {
  entry: Entry;
  files: Record<
    string,
    { file: string; lineOf: (path: readonly PropertyKey[]) => number; definitionLine: number }
  >;
}

/** Everything that is wrong between the entries; empty if nothing is. */
export function checkEntries(settings: Settings, located: Map<string, LocatedEntry>): Finding[] {
  return [
    ...checkCategories(settings, located),
    ...checkLinks(settings, located),
    ...checkNames(located),
    ...checkQuestions(located),
  ];
}

function checkCategories(settings: Settings, located: Map<string, LocatedEntry>): Finding[] {
  if (!settings.categories) return [];
  const ids = settings.categories.map(({ id }) => id);
  const findings: Finding[] = [];
  for (const { entry, files } of located.values()) {
    if (entry.category !== null && ids.includes(entry.category)) continue;
    const { file, lineOf } = files[settings.defaultLanguage]!;
    findings.push({
      file,
      line: lineOf(['category']),
      message: entry.category === null ? '"category" is missing' : `unknown category "${entry.category}"`,
      mend: `Use one of: ${ids.join(', ')}`,
    });
  }
  return findings;
}

function checkLinks(settings: Settings, located: Map<string, LocatedEntry>): Finding[] {
  const findings: Finding[] = [];
  for (const { entry, files } of located.values()) {
    const { file, lineOf } = files[settings.defaultLanguage]!;
    entry.related.forEach((slug, position) => {
      const line = lineOf(['related', position]);
      if (slug === entry.slug) {
        findings.push({ file, line, message: 'the entry is related to itself', mend: 'Remove the link' });
      } else if (entry.related.indexOf(slug) !== position) {
        findings.push({ file, line, message: `"${slug}" is linked twice`, mend: 'Remove one of the links' });
      } else if (!located.has(slug)) {
        findings.push({
          file,
          line,
          message: `related slug "${slug}" does not exist`,
          mend: 'Link to an entry that exists',
        });
      }
    });
  }
  return findings;
}

/**
 * A title or alias leads to one entry, whatever the language; within an entry, languages may share a name.
 * Titles claim first, so that of an alias and a title the alias is the one to mend.
 */
function checkNames(located: Map<string, LocatedEntry>): Finding[] {
  const owners = new Map<string, { slug: string; file: string }>();
  const findings: Finding[] = [];
  const texts = [...located.values()].flatMap(({ entry, files }) =>
    Object.entries(entry.translations).map(([language, translation]) => ({
      slug: entry.slug,
      translation,
      ...files[language]!,
      seen: new Set<string>(),
    })),
  );
  const claim = (
    { slug, file, lineOf, seen }: (typeof texts)[number],
    name: string,
    path: PropertyKey[],
  ): void => {
    const key = normalizeName(name);
    const owner = owners.get(key);
    const add = (message: string, mend: string) => findings.push({ file, line: lineOf(path), message, mend });
    if (key === '') add(`"${name}" has no letter or digit`, 'Write a name that can be typed');
    else if (seen.has(key)) add(`"${name}" stands twice among title and aliases`, 'Remove one');
    else if (owner && owner.slug !== slug) {
      add(`"${name}" is also a name of "${owner.slug}" (${owner.file})`, 'Leave it to one of the two');
    }
    seen.add(key);
    if (!owner) owners.set(key, { slug, file });
  };
  for (const text of texts) claim(text, text.translation.title, ['title']);
  for (const text of texts) {
    text.translation.aliases.forEach((alias, position) => {
      claim(text, alias, ['aliases', position]);
    });
  }
  return findings;
}

function checkQuestions(located: Map<string, LocatedEntry>): Finding[] {
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { entry, files } of located.values()) {
    for (const [language, { questions }] of Object.entries(entry.translations)) {
      const { file, lineOf } = files[language]!;
      questions.forEach((question, position) => {
        const key = `${language} ${normalizeName(question)}`;
        const owner = owners.get(key);
        if (owner) {
          findings.push({
            file,
            line: lineOf(['questions', position]),
            message: `the question "${question}" also stands in ${owner}`,
            mend: 'Ask what only this entry answers',
          });
        }
        owners.set(key, file);
      });
    }
  }
  return findings;
}
