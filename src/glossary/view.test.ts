import { describe, expect, inject, it } from 'vitest';
import { readGlossary } from './read.ts';
import { categoryName, initialOf, inTitleOrder, sectionsIn, translationIn, whyItMattersIn } from './view.ts';

const glossary = await readGlossary(inject('fixture').content);
const entry = (slug: string) => glossary.entries.find((candidate) => candidate.slug === slug)!;

describe('a glossary in one language', () => {
  it('orders titles as that language does', () => {
    const english = inTitleOrder(glossary, 'en').map(({ slug }) => slug);
    const at = english.indexOf('self-supervised-learning');
    expect(english.slice(at - 1, at + 2)).toEqual([
      'self-attention',
      'self-supervised-learning',
      'semantic-search',
    ]);
    const portuguese = inTitleOrder(glossary, 'pt').map(
      (item) => translationIn(glossary, item, 'pt').value.title,
    );
    expect(portuguese).toEqual(portuguese.toSorted(new Intl.Collator('pt', { sensitivity: 'base' }).compare));
  });

  it('shows in the default language what is not translated, and says so', () => {
    expect(translationIn(glossary, entry('bert'), 'pt').language).toBe('pt');
    expect(translationIn(glossary, entry('bert'), 'fr').language).toBe('en');
    expect(whyItMattersIn(glossary, entry('contrastive-learning'), 'pt')?.language).toBe('pt');
    expect(whyItMattersIn(glossary, entry('contrastive-learning'), 'es')?.language).toBe('en');
    expect(sectionsIn(glossary, entry('contrastive-learning'), 'pt')?.language).toBe('en');
  });

  it('names categories and initials', () => {
    expect(categoryName(glossary, 'Training', 'fr')).toBe('Entraînement');
    expect(categoryName(glossary, 'Training', 'en')).toBe('Training');
    expect(['Época', 'épsilon', '3D', '"Q"'].map(initialOf)).toEqual(['E', 'E', '#', 'Q']);
  });
});
