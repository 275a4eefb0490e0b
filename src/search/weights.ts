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
        text: 11.44,
        question: 1.41,
        nameLate: 12.93,
        dense: 9.82,
        asked: 3.76,
        keyword: 1.77,
        name: 7.29,
        nameWords: 2.85,
      },
      long: {
        text: 13.99,
        question: 5.04,
        nameLate: 3.52,
        dense: 18,
        asked: 9.44,
        keyword: 13.54,
        name: 0.99,
        nameWords: 3.4,
      },
    },
    calibration: {
      slope: 0.4007,
      perLength: -5.573,
      intercept: -9.06,
      answerFrom: 0.649,
    },
  },
  semantic: {
    weights: {
      short: {
        text: 23.4,
        question: 1.7,
        nameLate: 18.67,
        dense: 13.2,
        asked: 2.69,
        keyword: 0,
        name: 0,
        nameWords: 0,
      },
      long: {
        text: 26.72,
        question: 10.65,
        nameLate: 1.15,
        dense: 24.54,
        asked: 11.08,
        keyword: 0,
        name: 0,
        nameWords: 0,
      },
    },
    calibration: {
      slope: 0.2822,
      perLength: -2.983,
      intercept: -9.24,
      answerFrom: 0.595,
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
        keyword: 4.78,
        name: 16.68,
        nameWords: 8.54,
      },
      long: {
        text: 0,
        question: 0,
        nameLate: 0,
        dense: 0,
        asked: 0,
        keyword: 21.45,
        name: 1.8,
        nameWords: 8.85,
      },
    },
    calibration: {
      slope: 0.376,
      perLength: -2.882,
      intercept: -2.49,
      answerFrom: 0.531,
    },
  },
};
