import { cp, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { z } from 'zod';
import { buildIndex } from '../indexing/build.ts';
import { startService } from '../testing/service.ts';
import { temporaryCopy, temporaryFolder } from '../testing/temporary.ts';
import {
  problemSchema,
  relatedResponseSchema,
  searchResponseSchema,
  termResponseSchema,
  termsResponseSchema,
} from './contract.ts';
import type { RunningService } from './serve.ts';

const log: string[] = [];
let service: RunningService;
beforeAll(async () => {
  service = await startService({ RATE_LIMIT: '0' }, log);
  await service.ready;
});
afterAll(() => service.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(service.url + path, { headers });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(service.url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** The body of an answer that must be as the contract says. */
async function body<S extends z.ZodType>(
  response: Response | Promise<Response>,
  schema: S,
): Promise<z.output<S>> {
  const received = await response;
  const text = await received.text();
  expect(received.status, text).toBe(200);
  return schema.parse(JSON.parse(text));
}

async function problem(response: Response | Promise<Response>, status: number) {
  const received = await response;
  expect(received.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(received.status).toBe(status);
  const text = await received.text();
  expect(text, 'no stack trace, no file path').not.toMatch(/node_modules|\.ts|\n\s+at /);
  return problemSchema.parse(JSON.parse(text));
}

const QUESTION = 'how can a model learn from data nobody labelled';

describe('/v1/search', () => {
  it('answers GET and POST alike', async () => {
    const asked = await body(
      get(`/v1/search?q=${encodeURIComponent(QUESTION)}&limit=3`),
      searchResponseSchema,
    );
    expect(asked.results).toHaveLength(3);
    expect(asked.results[0]).toMatchObject({
      slug: 'self-supervised-learning',
      rank: 1,
      url: '/v1/terms/self-supervised-learning?lang=en',
    });
    expect(await body(post('/v1/search', { query: QUESTION, limit: 3 }), searchResponseSchema)).toEqual(
      asked,
    );
  });

  it('takes language, category, mode and explain', async () => {
    const answer = await body(
      get('/v1/search?q=attention&lang=pt-BR&category=Models&category=Training&mode=semantic&explain=true'),
      searchResponseSchema,
    );
    expect(answer).toMatchObject({ language: 'pt', mode: 'semantic' });
    for (const { category, signals } of answer.results) {
      expect(['Models', 'Training']).toContain(category);
      expect(signals).toHaveProperty('text');
    }
    expect((await body(get('/v1/search?q=attention'), searchResponseSchema)).results[0]).not.toHaveProperty(
      'signals',
    );
  });

  it('shows the language of the question, else the one the reader accepts', async () => {
    expect(
      (
        await body(
          get(`/v1/search?q=${encodeURIComponent('por que a rede decora os exemplos?')}`, {
            'Accept-Language': 'fr',
          }),
          searchResponseSchema,
        )
      ).language,
    ).toBe('pt');
    const accepted = await get('/v1/search?q=GPT', { 'Accept-Language': 'de, fr;q=0.8, en;q=0.5' });
    expect(accepted.headers.get('content-language')).toBe('fr');
    expect(accepted.headers.get('vary')).toMatch(/Accept-Language/i);
  });

  it('says how long each step took, in a header', async () => {
    const response = await get('/v1/search?q=attention');
    expect(response.headers.get('server-timing')).toMatch(
      /^embed;dur=[\d.]+, recall;dur=[\d.]+, late;dur=[\d.]+, fuse;dur=[\d.]+$/,
    );
  });

  it('can be cached: the same answer has the same ETag and is not sent twice', async () => {
    const first = await get('/v1/search?q=attention&lang=en');
    const tag = first.headers.get('etag')!;
    await first.text();
    expect(
      (await get('/v1/search?q=attention&lang=en', { 'If-None-Match': tag, 'Cache-Control': 'max-age=0' }))
        .status,
    ).toBe(304);
  });

  it.each([
    ['/v1/search', 'q', /ask a question/],
    ['/v1/search?q=%20%20', 'q', /empty/],
    [`/v1/search?q=${'a'.repeat(1001)}`, 'q', /1000 characters/],
    ['/v1/search?q=x&limit=51', 'limit', /50/],
    ['/v1/search?q=x&limit=ten', 'limit', /whole number/],
    ['/v1/search?q=x&mode=magic', 'mode', /hybrid/],
    ['/v1/search?q=x&lang=de', 'lang', /en, pt, es, fr/],
    ['/v1/search?q=x&lang=%3Cscript%3E', 'lang', /code/],
    ['/v1/search?q=x&category=Cooking', 'category', /Training/],
    ['/v1/search?q=x&limt=3', 'limt', /no parameter/],
    ['/v1/search?q=x&explain=maybe', 'explain', /true/],
  ])('refuses %s, naming "%s"', async (path, field, message) => {
    const { errors, detail } = await problem(get(path), 400);
    expect(errors).toContainEqual({ path: field, message: expect.stringMatching(message) });
    expect(detail).toContain(field);
  });

  it('refuses bodies that are too large, of another type, no JSON, or wrong', async () => {
    await problem(post('/v1/search', { query: 'x'.repeat(70_000) }), 413);
    await problem(
      post('/v1/search', 'query=x', { 'Content-Type': 'application/x-www-form-urlencoded' }),
      415,
    );
    await problem(post('/v1/search', '{"query": '), 400);
    await problem(post('/v1/search', '[]'), 400);
    await problem(post('/v1/search', {}), 400);
    expect((await problem(post('/v1/search', { query: 5 }), 400)).errors).toEqual([
      { path: 'query', message: 'must be text' },
    ]);
    const { errors } = await problem(
      post('/v1/search', { query: 'x', limit: '3', categories: 'Models', extra: 1 }),
      400,
    );
    expect(errors?.map(({ path }) => path).sort()).toEqual(['categories', 'extra', 'limit']);
  });
});

describe('/v1/terms', () => {
  it('lists the glossary in the order of a language, page by page', async () => {
    const whole = await body(get('/v1/terms?lang=pt'), termsResponseSchema);
    expect(whole).toMatchObject({ language: 'pt', total: 15, cursor: null });
    const titles = whole.terms.map(({ title }) => title);
    expect(titles).toEqual(titles.toSorted(new Intl.Collator('pt', { sensitivity: 'base' }).compare));
    const pages: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: z.output<typeof termsResponseSchema> = await body(
        get(`/v1/terms?lang=pt&limit=4${cursor && `&cursor=${cursor}`}`),
        termsResponseSchema,
      );
      pages.push(...page.terms.map(({ title }) => title));
      cursor = page.cursor;
    }
    expect(pages).toEqual(titles);
  });

  it('filters by category and first letter', async () => {
    const training = await body(get('/v1/terms?category=Training&lang=fr'), termsResponseSchema);
    expect(
      training.terms.every(
        ({ category, categoryName }) => category === 'Training' && categoryName === 'Entraînement',
      ),
    ).toBe(true);
    const s = await body(get('/v1/terms?letter=s'), termsResponseSchema);
    expect(s.terms.map(({ slug }) => slug)).toEqual([
      'self-attention',
      'self-supervised-learning',
      'semantic-search',
      'supervised-learning',
    ]);
    await problem(get('/v1/terms?cursor=nowhere'), 400);
    await problem(get('/v1/terms?letter=ab'), 400);
  });

  it('gives an entry with all its parts, marking what is not translated', async () => {
    const term = await body(get('/v1/terms/self-supervised-learning?lang=es'), termResponseSchema);
    expect(term).toMatchObject({
      language: 'es',
      category: 'Training',
      categoryName: 'Entrenamiento',
      whyItMatters: { language: 'en' },
      languages: ['en', 'pt', 'es', 'fr'],
    });
    expect(term.sections.every(({ language }) => language === 'en')).toBe(true);
    const english = await body(get('/v1/terms/self-supervised-learning'), termResponseSchema);
    expect(english).toMatchObject({
      previous: { slug: 'self-attention' },
      next: { slug: 'semantic-search' },
    });
    expect(english.related.length).toBeGreaterThan(0);
  });

  it('answers 404 with the slugs that may have been meant', async () => {
    const { nearest, detail } = await problem(get('/v1/terms/self-atention'), 404);
    expect(nearest?.[0]).toBe('self-attention');
    expect(detail).toContain('self-attention');
    await problem(get('/v1/terms/self-atention/related'), 404);
    await problem(get('/v1/terms/%E0%A4%A'), 400);
    await problem(get('/v1/nothing'), 404);
  });

  it('gives related terms for a widget, with a reason each', async () => {
    const { results } = await body(get('/v1/terms/bert/related?lang=pt&limit=5'), relatedResponseSchema);
    expect(results).toHaveLength(5);
    expect(results[0]!.reason).toBe('editorial');
    expect((await problem(get('/v1/terms/bert/related?limit=0'), 400)).errors).toMatchObject([
      { path: 'limit' },
    ]);
  });
});

describe('the service', () => {
  it('says that it lives and is ready', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await get('/readyz')).json()).toMatchObject({
      status: 'ready',
      entries: 15,
      vectors: expect.stringMatching(/^(?:hnsw|exact)$/),
    });
  });

  it('names the methods of a path', async () => {
    const response = await fetch(`${service.url}/v1/terms`, { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('GET');
    await problem(response, 405);
  });

  it('can be asked from any page, unless origins are named', async () => {
    expect(
      (await get('/v1/terms', { Origin: 'https://a.example' })).headers.get('access-control-allow-origin'),
    ).toBe('*');
    const closed = await startService({ CORS_ORIGINS: 'https://b.example' });
    await closed.ready;
    const response = await fetch(`${closed.url}/v1/terms`, { headers: { Origin: 'https://a.example' } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    await closed.close();
  });

  it('limits the rate of a client, and says when to come back', async () => {
    const limited = await startService({ RATE_LIMIT: '3' });
    await limited.ready;
    const statuses: number[] = [];
    let last: Response | undefined;
    for (let at = 0; at < 4; at++) {
      last = await fetch(`${limited.url}/v1/terms?limit=1`);
      statuses.push(last.status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(Number(last!.headers.get('retry-after'))).toBeGreaterThan(0);
    await problem(last!, 429);
    expect((await fetch(`${limited.url}/healthz`)).status, 'probes are not limited').toBe(200);
    await limited.close();
  });

  it('logs each request, never the question', async () => {
    await get('/v1/search?q=something+private');
    await get('/v1/terms/bert');
    const text = log.join('\n');
    expect(text).toContain('"path":"/v1/terms/bert"');
    expect(text).not.toContain('private');
  });

  it('answers /healthz while many searches run', async () => {
    const searches = Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        get(`/v1/search?q=load+number+${at}`).then((response) => response.status),
      ),
    );
    const probes = await Promise.all(
      Array.from({ length: 20 }, () => get('/healthz').then((response) => response.status)),
    );
    expect(new Set(probes)).toEqual(new Set([200]));
    expect(new Set(await searches)).toEqual(new Set([200]));
  });

  it('finishes requests in flight when it is told to stop', async () => {
    const stopping = await startService();
    await stopping.ready;
    const inFlight = Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        fetch(`${stopping.url}/v1/search?q=in+flight+${at}`).then((response) => response.status),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    await stopping.close();
    expect(new Set(await inFlight)).toEqual(new Set([200]));
    await expect(fetch(`${stopping.url}/healthz`)).rejects.toThrow();
  });

  it('survives nonsense on the wire', async () => {
    const { hostname, port } = new URL(service.url);
    for (const nonsense of [
      '\0\0\0\0',
      'GET / HTTP/9.9\r\n\r\n',
      `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), hostname, () => socket.end(nonsense));
        socket.on('error', () => resolve()).on('close', () => resolve());
        socket.resume();
      });
    }
    expect((await get('/healthz')).status).toBe(200);
  });
});

describe('starting', () => {
  const fixture = inject('fixture');

  it('answers 503 until the first index is built', async () => {
    const indexDir = await temporaryFolder();
    let finish = () => {};
    const built = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const starting = await startService({ INDEX_DIR: indexDir }, [], async () => {
      await built;
      await cp(fixture.indexDir, indexDir, { recursive: true });
    });
    const early = await fetch(`${starting.url}/v1/search?q=bert`);
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);
    await problem(early, 503);
    await problem(fetch(`${starting.url}/readyz`), 503);
    expect((await fetch(`${starting.url}/healthz`)).status).toBe(200);
    finish();
    await starting.ready;
    expect((await fetch(`${starting.url}/v1/search?q=bert`)).status).toBe(200);
    await starting.close();
  });

  it('answers with the old index while a new one is built, then with the new one', async () => {
    const [content, indexDir] = [await temporaryCopy(fixture.content), await temporaryCopy(fixture.indexDir)];
    const file = join(content, 'en/bert.md');
    await writeFile(file, (await readFile(file, 'utf8')).replace('title: BERT', 'title: BERT model'));
    const starting = await startService({ CONTENT: content, INDEX_DIR: indexDir }, [], async () => {
      const response = await fetch(`${starting.url}/v1/terms/bert`);
      expect((await body(response, termResponseSchema)).title).toBe('BERT');
      await buildIndex({ content, indexDir, encoder: fixture.encoder });
    });
    await starting.ready;
    expect((await body(fetch(`${starting.url}/v1/terms/bert`), termResponseSchema)).title).toBe('BERT model');
    await starting.close();
  });

  it('goes on with the old index when the build fails, and cannot start without any', async () => {
    const content = await temporaryCopy(fixture.content);
    await writeFile(join(content, 'en/bert.md'), 'broken');
    const fails = () => Promise.reject(new Error('broken content'));
    const logged: string[] = [];
    const old = await startService({ CONTENT: content }, logged, fails);
    await old.ready;
    expect((await fetch(`${old.url}/v1/terms/bert`)).status).toBe(200);
    expect(logged.join('')).toContain('the old one goes on answering');
    await old.close();
    const none = await startService({ CONTENT: content, INDEX_DIR: await temporaryFolder() }, [], fails);
    await expect(none.ready).rejects.toThrow('broken content');
    await none.close();
  });
});
