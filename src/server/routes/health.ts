/** `GET /healthz`: the process answers. `GET /readyz`: it can answer questions. */
import { Router } from 'express';
import { onlyMethods } from '../problems.ts';
import type { Service } from '../service.ts';

export function healthRoutes(service: Service): Router {
  const router = Router();
  router
    .route('/healthz')
    .get((_request, response) => {
      response.set('Cache-Control', 'no-store').json({ status: 'ok' });
    })
    .all(onlyMethods('GET'));
  router
    .route('/readyz')
    .get((_request, response) => {
      const { manifest, vectors } = service.ready().index;
      const { version, counts, encoder } = manifest;
      response.set('Cache-Control', 'no-store').json({
        status: 'ready',
        index: version,
        entries: counts.entries,
        encoder: encoder.name,
        vectors: vectors.kind,
      });
    })
    .all(onlyMethods('GET'));
  return router;
}
