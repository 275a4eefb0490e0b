/** The numbers of the ranking. Written by `npm run fit:ranking` from the development questions; not by hand. */
import type { Calibration } from './calibrate.ts';
import type { FusionWeights } from './fuse.ts';
import type { Mode } from './search.ts';

export interface Ranking {
  weights: FusionWeights;
  calibration: Calibration;
}

/** The encoder whose scores the numbers were fitted to. */
export const CALIBRATED_ENCODER = 'multilingual-e5-small-glossary';

export const RANKINGS: Record<Mode, Ranking> = {
  hybrid: {
    weights: {
      short: {
        text: 23.18,
        question: -2.24,
        nameLate: 25.14,
        dense: 18.27,
        keyword: 2.56,
        name: 10.83,
      },
      long: {
        text: 37.14,
        question: 22.77,
        nameLate: -3.81,
        dense: 17.04,
        keyword: 7.72,
        name: 1.28,
      },
    },
    calibration: {
      slope: 0.5145,
      perLength: -3.393,
      intercept: -28.36,
      answerFrom: 58.43,
    },
  },
  semantic: {
    weights: {
      short: {
        text: 27.79,
        question: -2.36,
        nameLate: 31.36,
        dense: 24.57,
        keyword: 0,
        name: 0,
      },
      long: {
        text: 48.23,
        question: 36.83,
        nameLate: 4.5,
        dense: 36.43,
        keyword: 0,
        name: 0,
      },
    },
    calibration: {
      slope: 0.4289,
      perLength: -14.999,
      intercept: -28.98,
      answerFrom: 95.78,
    },
  },
  keyword: {
    weights: {
      short: {
        text: 0,
        question: 0,
        nameLate: 0,
        dense: 0,
        keyword: 6.28,
        name: 19.52,
      },
      long: {
        text: 0,
        question: 0,
        nameLate: 0,
        dense: 0,
        keyword: 10.96,
        name: 5.63,
      },
    },
    calibration: {
      slope: 0.6177,
      perLength: -0.023,
      intercept: -2.86,
      answerFrom: 4.7,
    },
  },
};
