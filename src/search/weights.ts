/** The numbers of the ranking. Written by `npm run fit:ranking` from the development questions; not by hand. */
import type { Calibration } from './calibrate.ts';
import type { FusionWeights } from './fuse.ts';
import type { Mode } from './mode.ts';

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
        text: 25.81,
        question: -2.62,
        nameLate: 24.71,
        dense: 16.53,
        asked: 0,
        keyword: 3.3,
        name: 10.36,
        nameWords: 0,
      },
      long: {
        text: 35.48,
        question: 22.46,
        nameLate: -1.03,
        dense: 18.37,
        asked: 0,
        keyword: 11.71,
        name: 1.16,
        nameWords: 0,
      },
    },
    calibration: {
      slope: 0.4388,
      perLength: -3.819,
      intercept: -24.2,
      answerFrom: 59.58,
    },
  },
  semantic: {
    weights: {
      short: {
        text: 28.97,
        question: -3.47,
        nameLate: 30.61,
        dense: 22.38,
        asked: 0,
        keyword: 0,
        name: 0,
        nameWords: 0,
      },
      long: {
        text: 53.39,
        question: 43.05,
        nameLate: 6.51,
        dense: 37.07,
        asked: 0,
        keyword: 0,
        name: 0,
        nameWords: 0,
      },
    },
    calibration: {
      slope: 0.4149,
      perLength: -19.871,
      intercept: -27.07,
      answerFrom: 106.01,
    },
  },
  keyword: {
    weights: {
      short: {
        text: 0,
        question: 0,
        nameLate: 0,
        dense: 0,
        asked: 0,
        keyword: 8.03,
        name: 18.93,
        nameWords: 0,
      },
      long: {
        text: 0,
        question: 0,
        nameLate: 0,
        dense: 0,
        asked: 0,
        keyword: 18.86,
        name: 5.35,
        nameWords: 0,
      },
    },
    calibration: {
      slope: 0.3468,
      perLength: -1.079,
      intercept: -1.48,
      answerFrom: 5.99,
    },
  },
};
