/** An entry → the passages that are embedded and retrieved. */
import { createHash } from 'node:crypto';
import { plainText } from '../glossary/markdown.ts';
import { normalizeName } from '../glossary/names.ts';
import type { Entry, Glossary, Translation } from '../glossary/schema.ts';
import { type CountTokens, splitText } from './split.ts';

export const PASSAGE_KINDS = ['name', 'definition', 'why', 'section', 'question'] as const;

/**
 * - `name`: one title or alias
 * - `definition`, `why`: that part, in full or a piece of it
 * - `section`: deep-dive text under its heading, or without one
 * - `question`: one question that readers ask; it has no answer in it
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
  const passages: Passage[] = [];
  for (const entry of glossary.entries) passages.push(...(await passagesOf(entry, countTokens)));
  return passages;
}

async function passagesOf(entry: Entry, countTokens: CountTokens): Promise<Passage[]> {
  const passages: Passage[] = [];
  const names = new Set<string>();
  for (const [language, translation] of Object.entries(entry.translations)) {
    const counts = new Map<PassageKind, number>();
    const push = (kind: PassageKind, heading: string | null, text: string): void => {
      const number = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, number);
      passages.push({
        id: `${entry.slug}/${language}/${kind}/${number}`,
        slug: entry.slug,
        language,
        kind,
        heading,
        text,
      });
    };
    const pushText = async (kind: PassageKind, heading: string | null, markdown: string): Promise<void> => {
      for (const piece of await splitText(plainText(markdown), MAX_PASSAGE_TOKENS, countTokens)) {
        push(kind, heading, piece);
      }
    };
    for (const name of [translation.title, ...translation.aliases]) {
      const key = normalizeName(name);
      if (names.has(key)) continue;
      names.add(key);
      push('name', null, name);
    }
    await pushText('definition', null, translation.definition);
    if (translation.whyItMatters) await pushText('why', null, translation.whyItMatters);
    for (const { heading, text } of translation.sections) await pushText('section', heading, text);
    for (const question of translation.questions) push('question', null, question);
  }
  return passages;
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
