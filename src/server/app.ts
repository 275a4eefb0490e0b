/** The Express application: limits, routes, problems. */
import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { Logger } from 'pino';
import { notFound, Problem, problemHandler, sendProblem } from './problems.ts';
import { healthRoutes } from './routes/health.ts';
import { searchRoutes } from './routes/search.ts';
import { termRoutes } from './routes/terms.ts';
import type { Service } from './service.ts';

export function createApp(service: Service, logger: Logger): Express {
  const { TRUST_PROXY, CORS_ORIGINS, RATE_LIMIT } = service.config;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', TRUST_PROXY);
  app.set('query parser', 'simple');
  app.use(logRequests(logger));
  app.use((_request, response, next) => {
    response.set('X-Content-Type-Options', 'nosniff');
    next();
  });
  app.use(healthRoutes(service));
  app.use(
    '/v1',
    cors({
      origin: CORS_ORIGINS.includes('*') ? '*' : CORS_ORIGINS,
      exposedHeaders: ['ETag', 'Server-Timing', 'Retry-After', 'Content-Language'],
    }),
  );
  if (RATE_LIMIT > 0) app.use('/v1', limitRate(RATE_LIMIT));
  app.use('/v1', searchRoutes(service), termRoutes(service));
  app.use(notFound);
  app.use(problemHandler(logger));
  return app;
}

const MINUTE = 60_000;

function limitRate(perMinute: number): RequestHandler {
  return rateLimit({
    windowMs: MINUTE,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (request, response) => {
      const resets =
        (request as { rateLimit?: { resetTime?: Date } }).rateLimit?.resetTime?.getTime() ??
        Date.now() + MINUTE;
      const seconds = Math.max(1, Math.ceil((resets - Date.now()) / 1000));
      sendProblem(
        response,
        new Problem(
          429,
          'too-many-requests',
          `More than ${perMinute} requests in a minute. Try again in ${seconds} s.`,
          {},
          seconds,
        ),
      );
    },
  });
}

/** One line a request: what was asked for, never the question itself. */
function logRequests(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    const { method, path } = request;
    response.once('close', () => {
      const milliseconds = Math.round((performance.now() - start) * 10) / 10;
      const fields = {
        method,
        path,
        status: response.statusCode,
        milliseconds,
      };
      logger[path === '/healthz' || path === '/readyz' ? 'debug' : 'info'](fields, 'request');
    });
    next();
  };
}
