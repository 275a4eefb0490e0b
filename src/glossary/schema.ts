/** What a glossary is made of: the schemas of its files, and the types the rest of the code works with. */
import { z } from 'zod';

export const slugSchema = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'a slug has lower-case letters, digits and single hyphens');

export const languageCodeSchema = z
  .string()
  .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'a language is a code such as "en" or "pt-BR"');

const text = z.string().trim().min(1, 'must not be empty');
const names = z.record(languageCodeSchema, text);

const languageSchema = z.strictObject({
  name: text,
  whyItMatters: text.optional(),
  deepDive: text.optional(),
});

const categorySchema = z.strictObject({ id: text, names: names.default({}) });

/** `content/glossary.yaml`. */
export const settingsSchema = z
  .strictObject({
    name: text,
    description: text.optional(),
    defaultLanguage: languageCodeSchema,
    languages: z.record(languageCodeSchema, languageSchema),
    categories: z.array(categorySchema).optional(),
  })
  .refine((settings) => settings.defaultLanguage in settings.languages, {
    path: ['defaultLanguage'],
    error: 'must be one of the languages',
  });

/** The front matter of a translation; the default language's file has `category` and `related` as well. */
export const translationMatterSchema = z.object({
  title: text,
  aliases: z.array(text).default([]),
  questions: z.array(text).default([]),
});

export const entryMatterSchema = translationMatterSchema.extend({
  category: text.optional(),
  related: z.array(slugSchema).default([]),
});

export type Settings = z.infer<typeof settingsSchema>;
export type LanguageSettings = z.infer<typeof languageSchema>;
export type Category = z.infer<typeof categorySchema>;

/** A piece of the deep dive: Markdown paragraphs under their heading, or without one. */
export interface Section {
  heading: string | null;
  text: string;
}

/** An entry's text in one language. Texts are Markdown; `definition` is never empty. */
export interface Translation {
  title: string;
  aliases: string[];
  /** What readers ask; shown on the page. */
  questions: string[];
  /** Further ways of asking, from `questions.tsv`: searched, not shown. */
  asked: string[];
  definition: string;
  whyItMatters: string | null;
  sections: Section[];
  /** Front matter that is not ours, kept for whoever put it there. */
  extra?: Record<string, unknown>;
}

/** One concept. `translations` always has the glossary's default language. */
export interface Entry {
  slug: string;
  category: string | null;
  related: string[];
  translations: Record<string, Translation>;
}

/** A whole glossary, checked; entries are in the order of their slugs. */
export interface Glossary {
  settings: Settings;
  entries: Entry[];
}
