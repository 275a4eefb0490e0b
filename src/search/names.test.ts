import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { readGlossary } from '../glossary/read.ts';
import { editDistance } from './edit-distance.ts';
import { NameIndex } from './names.ts';

const names = new NameIndex(await readGlossary(inject('fixture').content));

describe('NameIndex', () => {
  it.each([
    ['BERT', 'bert', 0],
    ['self supervised learning', 'self-supervised-learning', 0],
    ['Aprendizado auto-supervisionado', 'self-supervised-learning', 0],
    ['ALUCINACAO', 'hallucination', 0],
    ['embeddings', 'embedding', 0],
    ['backpropogation', 'backpropagation', 1],
    ['self suprevised lerning', 'self-supervised-learning', 2],
  ])('reads "%s" as %s', (text, slug, distance) => {
    expect(names.match(text)).toMatchObject({ slug, distance });
  });

  it.each(['BART', 'GTP4', 'how do I cook rice', '', '?!'])('does not take "%s" for a name', (text) => {
    expect(names.match(text)).toBeUndefined();
  });

  it('suggests slugs for one that does not exist', () => {
    expect(names.nearestSlugs('self-atention', 3)[0]).toBe('self-attention');
    expect(names.nearestSlugs('supervised', 5)).toContain('supervised-learning');
    expect(names.nearestSlugs('zzzzzzzzzz', 5)).toEqual([]);
  });
});

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['cat', 'cat', 0],
    ['cat', 'act', 1],
    ['refroço', 'reforço', 1],
    ['kitten', 'sitting', 3],
    ['abc', '', 3],
  ])('of "%s" and "%s" is %i', (a, b, distance) => {
    expect(editDistance(a, b, 10)).toBe(distance);
    expect(editDistance(a, b, 2)).toBe(Math.min(distance, 3));
  });

  it('is symmetric, at most one for each edit, and stops at its limit', () => {
    const edit = fc.record({
      at: fc.nat(20),
      kind: fc.constantFrom('drop', 'add', 'change'),
      letter: fc.stringMatching(/^[a-z]$/),
    });
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{0,12}$/), fc.array(edit, { maxLength: 4 }), (word, edits) => {
        const changed = edits.reduce((text, { at, kind, letter }) => {
          const position = at % (text.length + 1);
          return (
            text.slice(0, position) +
            (kind === 'drop' ? '' : letter) +
            text.slice(position + (kind === 'add' ? 0 : 1))
          );
        }, word);
        const distance = editDistance(word, changed, 20);
        expect(distance).toBeLessThanOrEqual(edits.length);
        expect(editDistance(changed, word, 20)).toBe(distance);
        expect(editDistance(word, changed, 1)).toBe(Math.min(distance, 2));
      }),
    );
  });
});
