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
        text: 25.08,
        question: -2.5,
        nameLate: 24.1,
        dense: 15.95,
        keyword: 2.78,
        name: 10.49,
      },
      long: {
        text: 37.64,
        question: 23.5,
        nameLate: -2.48,
        dense: 15.69,
        keyword: 8.6,
        name: 1.28,
      },
    },
    calibration: {
      slope: 0.4807,
      perLength: -3.997,
      intercept: -25.88,
      answerFrom: 58.6,
    },
  },
  semantic: {
    weights: {
      short: {
        text: 28.98,
        question: -3.46,
        nameLate: 30.61,
        dense: 22.38,
        keyword: 0,
        name: 0,
      },
      long: {
        text: 53.39,
        question: 43.01,
        nameLate: 6.51,
        dense: 37.05,
        keyword: 0,
        name: 0,
      },
    },
    calibration: {
      slope: 0.4175,
      perLength: -19.973,
      intercept: -27.24,
      answerFrom: 105.97,
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
