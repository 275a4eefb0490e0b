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
        text: 25.41,
        question: -0.89,
        nameLate: 25.4,
        dense: 18.1,
        keyword: 1.79,
        name: 10.45,
      },
      long: {
        text: 38.83,
        question: 28.28,
        nameLate: -5.66,
        dense: 20.78,
        keyword: 7.56,
        name: 1.17,
      },
    },
    calibration: {
      slope: 0.2345,
      intercept: -15.26,
      answerFrom: 0.525,
    },
  },
  semantic: {
    weights: {
      short: {
        text: 31.12,
        question: -3.96,
        nameLate: 32.81,
        dense: 23.27,
        keyword: 0,
        name: 0,
      },
      long: {
        text: 41.98,
        question: 70.73,
        nameLate: 11.93,
        dense: 49.41,
        keyword: 0,
        name: 0,
      },
    },
    calibration: {
      slope: -0.0043,
      intercept: 0.78,
      answerFrom: 0.602,
    },
  },
  keyword: {
    weights: {
      short: {
        text: 0,
        question: 0,
        nameLate: 0,
        dense: 0,
        keyword: 6.25,
        name: 17.96,
      },
      long: {
        text: 0,
        question: 0,
        nameLate: 0,
        dense: 0,
        keyword: 10.97,
        name: 4.24,
      },
    },
    calibration: {
      slope: 0.6136,
      intercept: -2.83,
      answerFrom: 0.514,
    },
  },
};
