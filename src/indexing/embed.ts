/** Passages and further questions → vectors, each text alone, each distinct one once. */
import type { Encoder } from '../encoder/encoder.ts';
import type { Glossary } from '../glossary/schema.ts';
import { embeddedText, type Passage, textHash } from '../passages/passages.ts';
import { prototypesOf } from './prototypes.ts';
import type { AskedPassage, Embedded, KnownPassages } from './reuse.ts';
import type { StoredPassage } from './stored-passage.ts';
import { quantize } from './tokens.ts';

/** Passages as they are stored, with their vectors in the same order; `fresh` texts were embedded now. */
export interface EmbeddedPassages {
  stored: StoredPassage[];
  embedded: Embedded[];
  fresh: number;
}

type OnProgress = (done: number, total: number) => void;

/** Every passage's vectors, each distinct text embedded once and alone. */
export async function embedPassages(
  glossary: Glossary,
  passages: readonly Passage[],
  encoder: Encoder,
  known: KnownPassages | undefined,
  onProgress: OnProgress,
): Promise<EmbeddedPassages> {
  const entries = new Map(glossary.entries.map((entry) => [entry.slug, entry]));
  const texts = passages.map((passage) =>
    embeddedText(passage, entries.get(passage.slug)!.translations[passage.language]!),
  );
  const hashes = texts.map(textHash);
  const pending = new Map<string, Promise<Embedded>>();
  let done = 0;
  let fresh = 0;
  const embed = async (text: string): Promise<Embedded> => {
    const encoding = await encoder.encodePassage(text);
    fresh++;
    return { vector: encoding.vector, tokens: quantize(encoding) };
  };
  const embedded = await Promise.all(
    texts.map(async (text, position) => {
      const hash = hashes[position]!;
      const result = pending.get(hash) ?? Promise.resolve(known?.byText.get(hash) ?? embed(text));
      pending.set(hash, result);
      const value = await result;
      onProgress(++done, texts.length);
      return value;
    }),
  );
  const stored = passages.map((passage, position) => ({
    ...passage,
    hash: hashes[position]!,
    tokens: embedded[position]!.tokens.ids.length,
  }));
  return { stored, embedded, fresh };
}

/** Passages that stand for the further ways in which one entry is asked for. */
const ASKED_PER_ENTRY = 8;
/** So many of them are embedded, spread over all: more make the build longer and hardly move what stands for them. */
const ASKED_EMBEDDED = 96;

const NO_TOKENS = { values: new Int8Array(0), scales: new Float32Array(0), ids: new Int32Array(0) };

/**
 * The further questions of each entry, as a few passages that stand for them all: every vector of its own would
 * make the index five times as large. They have no tokens, since what is asked for is not said by its words.
 */
export async function embedAsked(
  glossary: Glossary,
  encoder: Encoder,
  known: KnownPassages | undefined,
  onProgress: OnProgress,
): Promise<EmbeddedPassages> {
  const groups = glossary.entries.map(({ slug, translations }) => ({
    slug,
    questions: spread(
      Object.entries(translations).flatMap(([language, { asked }]) =>
        asked.map((text) => ({ language, text })),
      ),
      ASKED_EMBEDDED,
    ),
  }));
  const total = groups.reduce((sum, { questions }) => sum + questions.length, 0);
  let done = 0;
  let fresh = 0;
  const choose = async (questions: (typeof groups)[number]['questions']): Promise<AskedPassage[]> => {
    const vectors = await Promise.all(
      questions.map(async ({ text }) => {
        const { vector } = await encoder.encodePassage(text);
        onProgress(++done, total);
        return vector;
      }),
    );
    fresh += vectors.length;
    return prototypesOf(vectors, ASKED_PER_ENTRY).map(({ vector, nearest }) => ({
      passage: questions[nearest]!,
      vector,
    }));
  };
  const chosen = await Promise.all(
    groups
      .filter(({ questions }) => questions.length > 0)
      .map(async ({ slug, questions }) => {
        const hash = textHash(
          `${ASKED_PER_ENTRY} ${questions.map(({ language, text }) => `${language} ${text}`).join('\n')}`,
        );
        const passages = known?.byAsked.get(hash) ?? (await choose(questions));
        return passages.map(({ passage, vector }, at) => ({
          stored: {
            ...passage,
            id: `${slug}/${passage.language}/asked/${at + 1}`,
            slug,
            kind: 'asked' as const,
            heading: null,
            hash,
            tokens: 0,
          },
          embedded: { vector, tokens: NO_TOKENS },
        }));
      }),
  );
  const flat = chosen.flat();
  return { stored: flat.map(({ stored }) => stored), embedded: flat.map(({ embedded }) => embedded), fresh };
}

/** At most `count` items, taken at equal distances. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)]!);
}
