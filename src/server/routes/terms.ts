/** `GET /v1/terms`, `/v1/terms/:slug` and `/v1/terms/:slug/related` */

import { Router } from 'express';
import type { Entry, Glossary } from '../../glossary/schema.ts';
import {
  categoryName,
  initialOf,
  inTitleOrder,
  sectionsIn,
  translationIn,
  whyItMattersIn,
} from '../../glossary/view.ts';
import { plainDefinition } from '../../search/hit.ts';
import {
  type RelatedResponse,
  relatedQuerySchema,
  type TermResponse,
  type TermsResponse,
  termQuerySchema,
  termsQuerySchema,
} from '../contract.ts';
import { onlyMethods, Problem, parse } from '../problems.ts';
import type { Service } from '../service.ts';

export function termRoutes(service: Service): Router {
  const router = Router();

  router
    .route('/terms')
    .get((request, response) => {
      const { lang, category, letter, limit, cursor } = parse(termsQuerySchema, request.query);
      const { glossary, manifest } = service.ready().index;
      service.checkCategories('category', category);
      const language = service.shownLanguage(request, response, lang);
      const found = inTitleOrder(glossary, language).filter(
        (entry) =>
          (!category?.length || category.includes(entry.category ?? '')) &&
          (!letter || initialOf(translationIn(glossary, entry, language).value.title) === initialOf(letter)),
      );
      const start = startOf(found, cursor);
      const page = found.slice(start, start + limit);
      const body: TermsResponse = {
        language,
        total: found.length,
        terms: page.map((entry) => {
          const shown = translationIn(glossary, entry, language);
          return {
            slug: entry.slug,
            title: shown.value.title,
            ...categoryIn(glossary, entry, language),
            language: shown.language,
            definition: plainDefinition(shown.value),
            url: service.urlOf(entry.slug, language),
          };
        }),
        cursor: start + limit < found.length ? page.at(-1)!.slug : null,
        index: manifest.version,
      };
      response.json(body);
    })
    .all(onlyMethods('GET'));

  router
    .route('/terms/:slug')
    .get((request, response) => {
      const { lang } = parse(termQuerySchema, request.query);
      const entry = service.entry(request.params.slug);
      const { glossary, manifest } = service.ready().index;
      const language = service.shownLanguage(request, response, lang);
      const shown = translationIn(glossary, entry, language);
      const why = whyItMattersIn(glossary, entry, language);
      const sections = sectionsIn(glossary, entry, language);
      const link = (other: Entry) => ({
        slug: other.slug,
        title: translationIn(glossary, other, language).value.title,
        url: service.urlOf(other.slug, language),
      });
      const order = inTitleOrder(glossary, language);
      const at = order.indexOf(entry);
      const [previous, next] = [order[at - 1], order[at + 1]];
      const body: TermResponse = {
        slug: entry.slug,
        title: shown.value.title,
        aliases: shown.value.aliases,
        ...categoryIn(glossary, entry, language),
        language: shown.language,
        definition: shown.value.definition,
        whyItMatters: why && { language: why.language, text: why.value },
        sections: (sections?.value ?? []).map((section) => ({ language: sections!.language, ...section })),
        questions: shown.value.questions,
        related: entry.related.map((slug) => link(service.entry(slug))),
        previous: previous ? link(previous) : null,
        next: next ? link(next) : null,
        languages: Object.keys(entry.translations),
        index: manifest.version,
      };
      response.json(body);
    })
    .all(onlyMethods('GET'));

  router
    .route('/terms/:slug/related')
    .get((request, response) => {
      const { lang, limit } = parse(relatedQuerySchema, request.query);
      const { slug } = service.entry(request.params.slug);
      const language = service.shownLanguage(request, response, lang);
      const engine = service.ready();
      const body: RelatedResponse = {
        slug,
        language,
        results: engine
          .related(slug, language, limit)
          .map((term) => ({ ...term, url: service.urlOf(term.slug, language) })),
        index: engine.index.manifest.version,
      };
      response.json(body);
    })
    .all(onlyMethods('GET'));

  return router;
}

/** A cursor is the slug of the last term seen, so that a page stays right when terms are added. */
function startOf(found: readonly Entry[], cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const at = found.findIndex(({ slug }) => slug === cursor);
  if (at >= 0) return at + 1;
  const message = 'is no cursor of this list: begin again without it';
  throw new Problem(400, 'invalid-request', `"cursor" ${message}`, { errors: [{ path: 'cursor', message }] });
}

function categoryIn(glossary: Glossary, { category }: Entry, language: string) {
  return { category, categoryName: category && categoryName(glossary, category, language) };
}
