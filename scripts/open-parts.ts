/** Opens what the scripts measure: the index in force with its encoder, as the service would. */
import { readConfig } from '../src/config.ts';
import { openEncoder } from '../src/encoder/encoder.ts';
import type { Parts } from '../src/evaluation/run.ts';
import { openIndex } from '../src/indexing/open.ts';
import { openLateInteraction } from '../src/search/late-interaction.ts';
import { NameIndex } from '../src/search/names.ts';

export const QUESTIONS = 'evaluation/questions.tsv';

export async function openParts(): Promise<Parts & { close(): Promise<void> }> {
  const config = readConfig();
  const [encoder, late] = await Promise.all([openEncoder(config.ENCODER), openLateInteraction()]);
  const index = await openIndex(config.INDEX_DIR, encoder.fingerprint, console.error);
  return {
    index,
    encoder,
    late,
    names: new NameIndex(index.glossary),
    close: async () => {
      await Promise.all([encoder.close(), late.close()]);
    },
  };
}
