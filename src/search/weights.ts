/** The numbers of the ranking: what each kind of evidence weighs, and how scores become probabilities. */
import type { Calibration } from './calibrate.ts';
import type { FusionWeights } from './fuse.ts';
import type { Mode } from './search.ts';

export interface Ranking {
  weights: FusionWeights;
  calibration: Calibration;
}

/** The encoder whose scores the calibration was fitted to. */
export const CALIBRATED_ENCODER = 'multilingual-e5-small-glossary';

export const RANKINGS: Record<Mode, Ranking> = {
  hybrid: {
    weights: { text: 1, question: 1, nameLate: 0.3, dense: 0.5, keyword: 0.05, name: 1 },
    calibration: { slope: 40, intercept: -90 },
  },
  semantic: {
    weights: { text: 1, question: 1, nameLate: 0.3, dense: 0.5, keyword: 0, name: 0 },
    calibration: { slope: 40, intercept: -90 },
  },
  keyword: {
    weights: { text: 0, question: 0, nameLate: 0, dense: 0, keyword: 1, name: 1 },
    calibration: { slope: 6, intercept: -3 },
  },
};
