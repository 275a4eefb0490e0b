/** What the routes share: the engine once it is ready, and what a request says about language and links. */
import type { Request, Response } from 'express';
import type { Config } from '../config.ts';
import type { Entry } from '../glossary/schema.ts';
import type { Engine } from '../search/engine.ts';
import { matchLanguage } from '../search/language.ts';
import { Problem } from './problems.ts';

const NEAREST_SLUGS = 5;
/** Seconds until a client may expect a starting service to be ready. */
const STARTING_RETRY = 5;

export class Service {
  readonly config: Config;
  engine: Engine | undefined;

  constructor(config: Config) {
    this.config = config;
  }

  /** @throws {Problem} 503 while the service starts. */
  ready(): Engine {
    if (this.engine) return this.engine;
    throw new Problem(
      503,
      'starting',
      'The service is starting. Try again in a few seconds.',
      {},
      STARTING_RETRY,
    );
  }

  /** The language that a request asks for by `lang`. @throws {Problem} 400 if the glossary lacks it. */
  wantedLanguage(lang: string | undefined): string | undefined {
    if (lang === undefined) return undefined;
    const codes = Object.keys(this.ready().index.glossary.settings.languages);
    const found = matchLanguage(lang, codes);
    if (found) return found;
    const message = `the glossary has no "${lang}", only ${codes.join(', ')}`;
    throw new Problem(400, 'unknown-language', `"lang": ${message}.`, {
      errors: [{ path: 'lang', message }],
    });
  }

  /** The first language of Accept-Language that the glossary has, if any. */
  acceptedLanguage(request: Request): string | undefined {
    const codes = Object.keys(this.ready().index.glossary.settings.languages);
    if (!request.get('accept-language')) return undefined;
    for (const wanted of request.acceptsLanguages()) {
      const found = matchLanguage(wanted, codes);
      if (found) return found;
    }
    return undefined;
  }

  /** The language to show a page in: `lang`, else Accept-Language, else the default. */
  shownLanguage(request: Request, response: Response, lang: string | undefined): string {
    const language =
      this.wantedLanguage(lang) ??
      this.acceptedLanguage(request) ??
      this.ready().index.glossary.settings.defaultLanguage;
    if (lang === undefined) response.vary('Accept-Language');
    response.set('Content-Language', language);
    return language;
  }

  /** @throws {Problem} 400 for a category that the glossary doesn't have. */
  checkCategories(path: string, categories: readonly string[] | undefined): void {
    const { settings, entries } = this.ready().index.glossary;
    const known = new Set(
      settings.categories?.map(({ id }) => id) ?? entries.map(({ category }) => category),
    );
    const unknown = categories?.find((category) => !known.has(category));
    if (unknown === undefined) return;
    const message = `the glossary has no category "${unknown}", only ${[...known].join(', ')}`;
    throw new Problem(400, 'unknown-category', `"${path}": ${message}.`, { errors: [{ path, message }] });
  }

  /** @throws {Problem} 404 with the slugs that may have been meant. */
  entry(slug: string): Entry {
    const { index, names } = this.ready();
    const entry = index.entry(slug);
    if (entry) return entry;
    const nearest = names.nearestSlugs(slug, NEAREST_SLUGS);
    const hint = nearest.length > 0 ? ` Did you mean ${nearest.join(', ')}?` : '';
    throw new Problem(404, 'unknown-term', `There is no term "${slug.slice(0, 80)}".${hint}`, { nearest });
  }

  /** Link to an entry in a language. */
  urlOf(slug: string, language: string): string {
    return `${this.config.PUBLIC_URL ?? ''}/v1/terms/${slug}?lang=${encodeURIComponent(language)}`;
  }
}
