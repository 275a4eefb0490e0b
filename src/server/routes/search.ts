/** `GET` and `POST /v1/search` */
import express, { type Request, type Response, Router } from 'express';
import type { SearchRequest } from '../../search/search.ts';
import { type SearchResponse, searchBodySchema, searchQuerySchema } from '../contract.ts';
import { onlyMethods, Problem, parse } from '../problems.ts';
import type { Service } from '../service.ts';

export const BODY_LIMIT = '64kb';

export function searchRoutes(service: Service): Router {
  const router = Router();

  const answer = async (
    request: Request,
    response: Response,
    lang: string | undefined,
    asked: Omit<SearchRequest, 'language' | 'fallbackLanguage'>,
  ): Promise<void> => {
    const { timings, results, ...rest } = await service.ready().search({
      ...asked,
      language: service.wantedLanguage(lang),
      fallbackLanguage: service.acceptedLanguage(request),
    });
    const body: SearchResponse = {
      ...rest,
      results: results.map(({ signals, ...hit }) => ({
        ...hit,
        url: service.urlOf(hit.slug, hit.language),
        ...(signals && { signals }),
      })),
    };
    if (lang === undefined) response.vary('Accept-Language');
    response.set('Content-Language', rest.language);
    response.set(
      'Server-Timing',
      Object.entries(timings)
        .map(([step, duration]) => `${step};dur=${duration.toFixed(2)}`)
        .join(', '),
    );
    response.json(body);
  };

  router
    .route('/search')
    .get(async (request, response) => {
      const { q: query, lang, category: categories, ...rest } = parse(searchQuerySchema, request.query);
      service.checkCategories('category', categories);
      await answer(request, response, lang, { query, categories, ...rest });
    })
    .post(express.json({ limit: BODY_LIMIT }), async (request, response) => {
      if (!request.is('application/json')) {
        throw new Problem(415, 'unsupported-media-type', 'Send the body as application/json.');
      }
      const { lang, ...rest } = parse(searchBodySchema, request.body);
      service.checkCategories('categories', rest.categories);
      await answer(request, response, lang, rest);
    })
    .all(onlyMethods('GET', 'POST'));
  return router;
}
