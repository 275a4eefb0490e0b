/** The numbers of the ranking. Written by `npm run fit:ranking` from the development questions; not by hand. */
import type { Calibration } from './calibrate.ts';
import type { FusionWeights } from './fuse.ts';
import type { Mode } from './mode.ts';

export interface Ranking {
  weights: FusionWeights;
  calibration: Calibration;
}

/** The encoder whose scores the numbers were fitted to. */
export const CALIBRATED_ENCODER = 'glossary-e5-6x384';

export const RANKINGS: Record<Mode, Ranking> = {
  hybrid: {
    weights: {
      short: {
        text: 9.56,
        question: 3.97,
        sameQuestion: 5.22,
        nameLate: 11.62,
        dense: 10.33,
        asked: 2.57,
        keyword: 2.01,
        name: 6.53,
        nameWords: 3.29,
      },
      long: {
        text: 13.32,
        question: 5.63,
        sameQuestion: 9.36,
        nameLate: 3.39,
        dense: 18.45,
        asked: 7.84,
        keyword: 13.89,
        name: 0.98,
        nameWords: 1.69,
      },
    },
    calibration: {
      slope: 0.4022,
      perLength: -5.81,
      intercept: -8.69,
      answerFrom: 0.632,
    },
  },
  semantic: {
    weights: {
      short: {
        text: 18.95,
        question: 6.3,
        sameQuestion: 7.47,
        nameLate: 17.82,
        dense: 14.05,
        asked: 1.55,
        keyword: 0,
        name: 0,
        nameWords: 0,
      },
      long: {
        text: 24.27,
        question: 11.32,
        sameQuestion: 10.77,
        nameLate: 1.36,
        dense: 26.03,
        asked: 9.93,
        keyword: 0,
        name: 0,
        nameWords: 0,
      },
    },
    calibration: {
      slope: 0.2824,
      perLength: -3.137,
      intercept: -8.87,
      answerFrom: 0.608,
    },
  },
  keyword: {
    weights: {
      short: {
        text: 0,
        question: 0,
        sameQuestion: 0,
        nameLate: 0,
        dense: 0,
        asked: 0,
        keyword: 6.98,
        name: 16.35,
        nameWords: 9.54,
      },
      long: {
        text: 0,
        question: 0,
        sameQuestion: 0,
        nameLate: 0,
        dense: 0,
        asked: 0,
        keyword: 24.43,
        name: 1.76,
        nameWords: 3.02,
      },
    },
    calibration: {
      slope: 0.3289,
      perLength: -2.577,
      intercept: -2.78,
      answerFrom: 0.618,
    },
  },
};
