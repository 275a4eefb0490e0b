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

/** A title or alias leads to one entry, whatever the language; within an entry, languages may share a name. */
function checkNames(located: Map<string, LocatedEntry>): Finding[] {
  const owners = new Map<string, { slug: string; file: string }>();
  const findings: Finding[] = [];
  for (const { entry, files } of located.values()) {
    for (const [language, translation] of Object.entries(entry.translations)) {
      const { file, lineOf } = files[language]!;
      const seenHere = new Set<string>();
      [translation.title, ...translation.aliases].forEach((name, position) => {
        const key = normalizeName(name);
        const line = lineOf(position === 0 ? ['title'] : ['aliases', position - 1]);
        const owner = owners.get(key);
        if (key === '') {
          findings.push({
            file,
            line,
            message: `"${name}" has no letter or digit`,
            mend: 'Write a name that can be typed',
          });
        } else if (owner && owner.slug !== entry.slug) {
          findings.push({
            file,
            line,
            message: `"${name}" is also a name of "${owner.slug}" (${owner.file})`,
            mend: 'Leave it to one of the two',
          });
        } else if (seenHere.has(key)) {
          findings.push({
            file,
            line,
            message: `"${name}" stands twice among title and aliases`,
            mend: 'Remove one',
          });
        }
        seenHere.add(key);
        if (!owner) owners.set(key, { slug: entry.slug, file });
      });
    }
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
