/** A content folder → a checked glossary. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { GlossarySearchError } from '../errors.ts';
import { readAsked } from './asked.ts';
import { ContentError, type Finding } from './findings.ts';
import { type Block, type FrontMatter, type MarkdownFile, readMarkdown, readYaml } from './markdown.ts';
import {
  type Entry,
  entryMatterSchema,
  type Glossary,
  languageCodeSchema,
  type Settings,
  settingsSchema,
  slugSchema,
  type Translation,
  translationMatterSchema,
} from './schema.ts';
import { checkEntries, type LocatedEntry } from './validate.ts';

const SETTINGS_FILE = 'glossary.yaml';

/**
 * Reads `<folder>/glossary.yaml`, `<folder>/<language>/<slug>.md` and, where there is one,
 * `<folder>/<language>/questions.tsv`.
 *
 * A glossary that names its headings or categories is held to our format: an unknown heading or front-matter
 * key is a finding. Otherwise any Markdown goes: the first paragraph is the definition, every heading a
 * section, and unknown front matter is kept in `extra`.
 *
 * @throws {ContentError} with every finding (file, line, what, how to mend it).
 * @throws {GlossarySearchError} `content-invalid` when the folder isn't there.
 */
export async function readGlossary(folder: string): Promise<Glossary> {
  if (!existsSync(folder)) {
    throw new GlossarySearchError(
      'content-invalid',
      `There is no content folder ${folder}. Set CONTENT (or --content) to the folder that holds ${SETTINGS_FILE}.`,
    );
  }
  const findings: Finding[] = [];
  const settings = await readSettings(folder, findings);
  if (!settings) throw new ContentError(folder, findings);
  const reader = new FileReader(settings, findings);

  const located = new Map<string, LocatedEntry>();
  for (const language of languagesInOrder(settings)) {
    for (const { slug, file, source } of await readTexts(folder, language, findings)) {
      reader.add(located, slug, language, file, source);
    }
  }
  for (const language of languagesInOrder(settings)) await readAsked(folder, language, located, findings);
  await findStrayFolders(folder, settings, findings);
  findings.push(...checkEntries(settings, located));
  if (located.size === 0 && findings.length === 0) {
    findings.push({
      file: settings.defaultLanguage,
      line: 1,
      message: 'no entry was found',
      mend: `Write the first one as ${settings.defaultLanguage}/<slug>.md`,
    });
  }
  if (findings.length > 0) throw new ContentError(folder, findings);
  const entries = [...located.values()].map(({ entry }) => entry);
  return { settings, entries: entries.sort((a, b) => (a.slug < b.slug ? -1 : 1)) };
}

/** The default language first: its file gives an entry its category and links. */
function languagesInOrder(settings: Settings): string[] {
  const others = Object.keys(settings.languages).filter((code) => code !== settings.defaultLanguage);
  return [settings.defaultLanguage, ...others];
}

async function readSettings(folder: string, findings: Finding[]): Promise<Settings | undefined> {
  const path = join(folder, SETTINGS_FILE);
  if (!existsSync(path)) {
    findings.push({
      file: SETTINGS_FILE,
      line: 1,
      message: 'is missing',
      mend: 'Write it with at least "name", "defaultLanguage" and "languages"',
    });
    return undefined;
  }
  const yaml = readYaml(await readFile(path, 'utf8'));
  return validate(settingsSchema, yaml, SETTINGS_FILE, findings);
}

/** Checks front matter or settings; what zod finds becomes findings at the lines where the values stand. */
function validate<S extends z.ZodType>(
  schema: S,
  yaml: FrontMatter,
  file: string,
  findings: Finding[],
): z.infer<S> | undefined {
  for (const { line, message } of yaml.problems) {
    findings.push({
      file,
      line,
      message: `the YAML can't be read (${message})`,
      mend: 'Put quotes around a value with a colon, "#" or quotation mark in it',
    });
  }
  if (yaml.problems.length > 0) return undefined;
  const result = schema.safeParse(yaml.value ?? {});
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const path = issue.path.join('.');
    findings.push({
      file,
      line: yaml.lineOf(issue.path),
      message: `${path === '' ? 'the front matter' : `"${path}"`}: ${issue.message}`,
      mend: 'Correct the value',
    });
  }
  return undefined;
}

async function readTexts(folder: string, language: string, findings: Finding[]) {
  const path = join(folder, language);
  if (!existsSync(path)) return [];
  const names = (await readdir(path)).filter((name) => name.endsWith('.md')).sort();
  const texts = await Promise.all(
    names.map(async (name) => ({
      slug: name.slice(0, -'.md'.length),
      file: `${language}/${name}`,
      source: await readFile(join(path, name), 'utf8'),
    })),
  );
  return texts.filter(({ slug, file }) => {
    const valid = slugSchema.safeParse(slug).success;
    if (!valid) {
      findings.push({
        file,
        line: 1,
        message: 'the file name is no slug',
        mend: 'Use lower-case letters, digits and single hyphens',
      });
    }
    return valid;
  });
}

async function findStrayFolders(folder: string, settings: Settings, findings: Finding[]): Promise<void> {
  for (const item of await readdir(folder, { withFileTypes: true })) {
    if (!item.isDirectory() || item.name in settings.languages) continue;
    if (!languageCodeSchema.safeParse(item.name).success) continue;
    const hasEntries = (await readdir(join(folder, item.name))).some((name) => name.endsWith('.md'));
    if (!hasEntries) continue;
    findings.push({
      file: item.name,
      line: 1,
      message: `the folder is no language of ${SETTINGS_FILE}`,
      mend: `Add "${item.name}" under "languages", or rename the folder`,
    });
  }
}

/** Turns the files of one glossary into entries, by its settings. */
class FileReader {
  private readonly settings: Settings;
  private readonly findings: Finding[];
  /** Whether this glossary says which headings and categories there are. */
  private readonly strict: boolean;

  constructor(settings: Settings, findings: Finding[]) {
    this.settings = settings;
    this.findings = findings;
    this.strict =
      settings.categories !== undefined ||
      Object.values(settings.languages).some(({ whyItMatters, deepDive }) => whyItMatters ?? deepDive);
  }

  add(
    located: Map<string, LocatedEntry>,
    slug: string,
    language: string,
    file: string,
    source: string,
  ): void {
    const isDefault = language === this.settings.defaultLanguage;
    const markdown = readMarkdown(source);
    const schema = isDefault ? entryMatterSchema : translationMatterSchema;
    const matter = validate(
      this.strict ? schema.strict() : schema.loose(),
      markdown.frontMatter,
      file,
      this.findings,
    );
    const parts = this.parts(markdown, language, file);
    if (!matter || !parts) return;

    const known = Object.keys(entryMatterSchema.shape);
    const extra = Object.fromEntries(Object.entries(matter).filter(([key]) => !known.includes(key)));
    const translation: Translation = {
      title: matter.title,
      aliases: matter.aliases,
      questions: matter.questions,
      asked: [],
      ...parts,
      ...(Object.keys(extra).length > 0 && { extra }),
    };
    const files = { file, lineOf: markdown.frontMatter.lineOf, definitionLine: markdown.blocks[0]!.line };
    if (isDefault) {
      const { category = null, related = [] } = matter as z.infer<typeof entryMatterSchema>;
      const entry: Entry = { slug, category, related, translations: { [language]: translation } };
      located.set(slug, { entry, files: { [language]: files } });
      return;
    }
    const existing = located.get(slug);
    if (!existing) {
      this.findings.push({
        file,
        line: 1,
        message: `"${slug}" has no readable ${this.settings.defaultLanguage}/${slug}.md`,
        mend: 'Write or mend that file, or correct the name of this one',
      });
      return;
    }
    existing.entry.translations[language] = translation;
    existing.files[language] = files;
  }

  private parts(markdown: MarkdownFile, language: string, file: string) {
    const { whyItMatters, deepDive } = this.settings.languages[language]!;
    const [head, ...rest] = markdown.blocks;
    const [definition, ...more] = head!.paragraphs;
    if (definition === undefined) {
      this.findings.push({
        file,
        line: head!.line,
        message: 'there is no definition',
        mend: 'Write a paragraph under the front matter',
      });
      return undefined;
    }
    if (this.strict && more.length > 0) {
      this.findings.push({
        file,
        line: head!.line,
        message: 'the definition has more than one paragraph',
        mend: 'Join them, or move the rest under a heading',
      });
    }
    let why: string | null = null;
    const sections = !this.strict && more.length > 0 ? [{ heading: null, text: more.join('\n\n') }] : [];
    const parts = { definition, whyItMatters: why, sections: sections as Translation['sections'] };
    let inDeepDive = !this.strict;
    for (const block of rest) {
      const text = block.paragraphs.join('\n\n');
      if (block.depth <= 2 && block.heading === whyItMatters) {
        inDeepDive = !this.strict;
        why = text;
        if (text === '') this.emptyPart(file, block);
      } else if (block.depth <= 2 && block.heading === deepDive) {
        inDeepDive = true;
        if (text !== '') parts.sections.push({ heading: null, text });
      } else if (inDeepDive && (!this.strict || block.depth > 2)) {
        if (text !== '') parts.sections.push({ heading: block.heading, text });
        else if (this.strict) this.emptyPart(file, block);
      } else {
        const expected = [whyItMatters, deepDive].filter((heading) => heading !== undefined);
        this.findings.push({
          file,
          line: block.line,
          message: `unknown heading "${block.heading}"`,
          mend: `The headings of ${language} are ${expected.map((heading) => `"## ${heading}"`).join(' and ')}; sections of the deep dive are "###"`,
        });
      }
    }
    return { ...parts, whyItMatters: why };
  }

  private emptyPart(file: string, block: Block): void {
    this.findings.push({
      file,
      line: block.line,
      message: `"${block.heading}" has no text`,
      mend: 'Write it, or remove the heading',
    });
  }
}
