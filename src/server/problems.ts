/** Errors as clients see them: RFC 9457 problem details, never a stack trace or a file path. */
import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { ProblemDetails } from './contract.ts';

/** Thrown by a route to answer with a problem. */
export class Problem extends Error {
  readonly details: ProblemDetails;
  readonly retryAfter: number | undefined;

  /** @param retryAfter seconds, for 429 and 503. */
  constructor(
    status: number,
    type: string,
    detail: string,
    more: Pick<ProblemDetails, 'errors' | 'nearest'> = {},
    retryAfter?: number,
  ) {
    super(detail);
    this.details = {
      type: `urn:glossary-search:problem:${type}`,
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail,
      ...more,
    };
    this.retryAfter = retryAfter;
  }
}

/** Validates a part of the request. @throws {Problem} 400 with every field that is wrong. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    path: issue.path.join('.') || (issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : 'body'),
    message: issue.code === 'unrecognized_keys' ? 'is no parameter of this call' : issue.message,
  }));
  throw new Problem(
    400,
    'invalid-request',
    errors.map(({ path, message }) => `"${path}" ${message}`).join('; '),
    { errors },
  );
}

export function sendProblem(response: Response, problem: Problem): void {
  if (problem.retryAfter !== undefined) response.set('Retry-After', String(problem.retryAfter));
  response
    .status(problem.details.status)
    .type('application/problem+json')
    .send(JSON.stringify(problem.details));
}

export const notFound: RequestHandler = (request) => {
  throw new Problem(
    404,
    'no-such-page',
    `There is nothing at ${request.method} ${request.path}. The calls begin with /v1/.`,
  );
};

/** Methods that a path doesn't have. */
export function onlyMethods(...methods: string[]): RequestHandler {
  return (request, response) => {
    response.set('Allow', methods.join(', '));
    throw new Problem(405, 'method-not-allowed', `${request.path} takes ${methods.join(' and ')}.`);
  };
}

export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const problem = error instanceof Problem ? error : problemOf(error);
    if (problem.details.status >= 500 && !(error instanceof Problem)) {
      logger.error({ err: error, method: request.method, path: request.path }, 'a request failed');
    }
    sendProblem(response, problem);
  };
}

/** Errors that Express and its body parser throw carry a status; anything else is our fault. */
function problemOf(error: unknown): Problem {
  const status = (error as { status?: unknown } | null)?.status;
  if (status === 413) return new Problem(413, 'too-large', 'The request body is larger than 64 kB.');
  if (status === 415)
    return new Problem(415, 'unsupported-media-type', 'Send the body as application/json in UTF-8.');
  if (status === 400)
    return new Problem(
      400,
      'invalid-request',
      "The request can't be read: a broken URL, or a body that is no JSON.",
    );
  return new Problem(500, 'internal-error', 'Something went wrong on our side. It was logged.');
}
