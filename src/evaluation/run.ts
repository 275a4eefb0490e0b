/** Runs the questions through the search, once, keeping what every ranker and the fit need. */
import type { Encoder } from '../encoder/encoder.ts';
import type { Index } from '../indexing/open.ts';
import { type Evidence, gatherEvidence } from '../search/evidence.ts';
import type { LateInteraction } from '../search/late-interaction.ts';
import type { Mode } from '../search/mode.ts';
import type { NameIndex } from '../search/names.ts';
import { recall } from '../search/recall.ts';
import type { Question } from './questions.ts';

export interface Parts {
  index: Index;
  names: NameIndex;
  encoder: Encoder;
  late: LateInteraction;
}

/** A question with the evidence that each mode has for its entries. */
export interface Asked {
  question: Question;
  evidence: Record<Mode, Evidence[]>;
}

/** Questions about entries that this glossary lacks are left out; so are languages that it doesn't have. */
export function answerableHere(questions: readonly Question[], index: Index): Question[] {
  return questions.filter(({ answers }) => answers.every((group) => group.some((slug) => index.entry(slug))));
}

export async function ask({ index, names, encoder, late }: Parts, question: Question): Promise<Asked> {
  const query = question.question;
  const encoding = await encoder.encodeQuery(query);
  const gather = async (useVectors: boolean, useKeywords: boolean) => {
    const recalled = recall(index, names, {
      query,
      encoding: useVectors ? encoding : undefined,
      useKeywords,
      accept: undefined,
    });
    return gatherEvidence(
      index,
      recalled,
      useVectors ? await late.score(encoding, index.tokens, recalled.passages) : undefined,
    );
  };
  return {
    question,
    evidence: {
      hybrid: await gather(true, true),
      semantic: await gather(true, false),
      keyword: await gather(false, true),
    },
  };
}

/** Entries by their best cosine alone: what vectors give without late interaction. */
export function rankDense(evidence: readonly Evidence[]): string[] {
  const best = ({ dense, asked }: Evidence) => Math.max(dense, asked);
  return evidence.toSorted((a, b) => best(b) - best(a)).map(({ slug }) => slug);
}

/** Entries by the best late-interaction score of any passage: no weights at all. */
export function rankLate(evidence: readonly Evidence[]): string[] {
  const best = ({ late }: Evidence) => Math.max(late.text, late.question, late.name);
  return evidence.toSorted((a, b) => best(b) - best(a)).map(({ slug }) => slug);
}
