import fc from 'fast-check';
import { expect, it } from 'vitest';
import { prototypesOf } from './prototypes.ts';

const unit = (...values: number[]) => {
  const norm = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / norm);
};

it('finds the groups, and a member near the middle of each', () => {
  const vectors = [unit(1, 0.1), unit(1, 0), unit(1, -0.1), unit(-0.1, 1), unit(0, 1), unit(0.1, 1)];
  const found = prototypesOf(vectors, 2);
  expect(found.map(({ nearest }) => nearest).sort()).toEqual([1, 4]);
});

it('gives no more prototypes than vectors', () => {
  expect(prototypesOf([unit(1, 0)], 8)).toEqual([{ vector: unit(1, 0), nearest: 0 }]);
  expect(prototypesOf([], 8)).toEqual([]);
});

it('gives unit vectors, the same ones at every run, whatever it is given', () => {
  const component = fc.double({ min: -1, max: 1, noNaN: true });
  const vector = fc
    .tuple(component, component, component)
    .filter((values) => Math.hypot(...values) > 0.01)
    .map((values) => unit(...values));
  fc.assert(
    fc.property(
      fc.array(vector, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 8 }),
      (vectors, count) => {
        const found = prototypesOf(vectors, count);
        expect(found).toHaveLength(Math.min(count, vectors.length));
        for (const { vector: centre } of found) expect(Math.hypot(...centre)).toBeCloseTo(1, 3);
        expect(prototypesOf(vectors, count)).toEqual(found);
      },
    ),
  );
});
