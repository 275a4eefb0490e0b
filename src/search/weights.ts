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
        text: 22.59,
        question: -2.23,
        nameLate: 25.6,
        dense: 17.33,
        keyword: 2.6,
        name: 10.88,
      },
      long: {
        text: 36.27,
        question: 22.37,
        nameLate: -2.15,
        dense: 15.25,
        keyword: 8.1,
        name: 1.28,
      },
    },
    calibration: {
      slope: 0.5174,
      perLength: -3.162,
      intercept: -28.09,
      answerFrom: 57.24,
    },
  },
  semantic: {
    weights: {
      short: {
        text: 27.08,
        question: -2.65,
        nameLate: 32.09,
        dense: 24.32,
        keyword: 0,
        name: 0,
      },
      long: {
        text: 49.19,
        question: 38.7,
        nameLate: 7.25,
        dense: 34.92,
        keyword: 0,
        name: 0,
      },
    },
    calibration: {
      slope: 0.4326,
      perLength: -16.496,
      intercept: -29.12,
      answerFrom: 98.26,
    },
  },
  keyword: {
    weights: {
      short: {
        text: 0,
        question: 0,
        nameLate: 0,
        dense: 0,
        keyword: 6.22,
        name: 19.46,
      },
      long: {
        text: 0,
        question: 0,
        nameLate: 0,
        dense: 0,
        keyword: 11.21,
        name: 5.66,
      },
    },
    calibration: {
      slope: 0.5912,
      perLength: -0.044,
      intercept: -2.74,
      answerFrom: 4.75,
    },
  },
};
