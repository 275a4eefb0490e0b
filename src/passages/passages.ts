/** An entry → the passages that are embedded and retrieved. */
import { createHash } from 'node:crypto';
import { plainText } from '../glossary/markdown.ts';
import { normalizeName } from '../glossary/names.ts';
import type { Entry, Glossary, Translation } from '../glossary/schema.ts';
import { type CountTokens, splitText } from './split.ts';

export const PASSAGE_KINDS = ['name', 'definition', 'why', 'section', 'question', 'asked'] as const;

/**
 * - `name`: one title or alias
 * - `definition`, `why`: that part, in full or a piece of it
 * - `section`: deep-dive text under its heading, or without one
 * - `question`: one question that readers ask; it has no answer in it
 * - `asked`: one of the further ways of asking, chosen by the build to stand for those like it
 */
export type PassageKind = (typeof PASSAGE_KINDS)[number];

/** The unit of retrieval. */
export interface Passage {
  /** Stable while the entry's structure is: `slug/language/kind/number`. */
  id: string;
  slug: string;
  language: string;
  kind: PassageKind;
  heading: string | null;
  /** Plain text, as it is shown. */
  text: string;
}

/** The longest text of a passage, in the encoder's tokens; longer ones are split at sentence ends. */
export const MAX_PASSAGE_TOKENS = 200;

/**
 * All passages of a glossary, in the order of its entries and of `Object.keys(translations)`.
 *
 * A name that an entry has in several languages (BERT) becomes one passage: two equal texts would take two
 * places among the nearest and say nothing more.
 */
export async function makePassages(glossary: Glossary, countTokens: CountTokens): Promise<Passage[]> {
  const drafts = glossary.entries.flatMap(draftPassages);
  const counts = await countAll(
    drafts.map(({ text }) => text),
    countTokens,
  );
  const passages: Passage[] = [];
  const numbers = new Map<string, number>();
  for (const [at, draft] of drafts.entries()) {
    const pieces =
      counts[at]! <= MAX_PASSAGE_TOKENS
        ? [draft.text]
        : await splitText(draft.text, MAX_PASSAGE_TOKENS, countTokens);
    for (const text of pieces) {
      const path = `${draft.slug}/${draft.language}/${draft.kind}`;
      const number = (numbers.get(path) ?? 0) + 1;
      numbers.set(path, number);
      passages.push({ ...draft, id: `${path}/${number}`, text });
    }
  }
  return passages;
}

type Draft = Omit<Passage, 'id'>;

/** An entry's passages before long ones are split. */
function draftPassages({ slug, translations }: Entry): Draft[] {
  const names = new Set<string>();
  return Object.entries(translations).flatMap(([language, translation]) => {
    const draft = (kind: PassageKind, text: string, heading: string | null = null): Draft => ({
      slug,
      language,
      kind,
      heading,
      text,
    });
    const fresh = [translation.title, ...translation.aliases].filter((name) => {
      const key = normalizeName(name);
      const isNew = !names.has(key);
      names.add(key);
      return isNew;
    });
    return [
      ...fresh.map((name) => draft('name', name)),
      draft('definition', plainText(translation.definition)),
      ...(translation.whyItMatters ? [draft('why', plainText(translation.whyItMatters))] : []),
      ...translation.sections.map(({ heading, text }) => draft('section', plainText(text), heading)),
      ...translation.questions.map((question) => draft('question', question)),
    ];
  });
}

const TEXTS_AT_ONCE = 500;

/** Counts in a few large calls: one for each text would spend its time on the way to the worker. */
async function countAll(texts: readonly string[], countTokens: CountTokens): Promise<number[]> {
  const chunks: (readonly string[])[] = [];
  for (let at = 0; at < texts.length; at += TEXTS_AT_ONCE) chunks.push(texts.slice(at, at + TEXTS_AT_ONCE));
  return (await Promise.all(chunks.map(countTokens))).flat();
}

/**
 * What is embedded for a passage. Text that answers gets its title and aliases before it, so that a paragraph
 * that says only "it" is still about something; names and questions stand alone.
 */
export function embeddedText(passage: Passage, { title, aliases }: Translation): string {
  if (passage.kind === 'name' || passage.kind === 'question') return passage.text;
  const names = aliases.length > 0 ? `${title} (${aliases.join(', ')})` : title;
  return `${names}: ${passage.heading ? `${passage.heading}. ` : ''}${passage.text}`;
}

/** Identifies an embedded text: unchanged passages are not embedded again. */
export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
