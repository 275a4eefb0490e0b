/** A passage as it stands in `passages.json`. */
import type { Passage } from '../passages/passages.ts';

export interface StoredPassage extends Passage {
  /** Hash of the text that was embedded. */
  hash: string;
  /** Its rows in the token store. */
  tokens: number;
}
