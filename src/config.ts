/** Settings: one name, as an environment variable and as a flag, checked before anything starts. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { GlossarySearchError } from './errors.ts';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** A folder beside the caller, or else the one that the package brings. */
function bundled(name: string): string {
  return existsSync(name) ? name : join(PACKAGE, name);
}

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const configSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1').describe('address to listen on'),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(3000)
    .describe('port to listen on; 0 picks a free one'),
  CONTENT: z
    .string()
    .min(1)
    .default(() => bundled('content'))
    .describe('folder of the glossary'),
  INDEX_DIR: z.string().min(1).default('index').describe('folder where the index is written and read'),
  ENCODER: z
    .string()
    .min(1)
    .default(() => bundled('model'))
    .describe('folder or hub id of the sentence model'),
  RATE_LIMIT: z.coerce
    .number()
    .int()
    .min(0)
    .default(600)
    .describe('requests a minute and client; 0 switches it off'),
  CORS_ORIGINS: list
    .default(['*'])
    .describe('origins that may ask from a browser, separated by commas; * for any'),
  PUBLIC_URL: z
    .url()
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe('where the service is reached from outside, for the links in answers'),
  TRUST_PROXY: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('reverse proxies in front, whose X-Forwarded-For counts'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('what is logged'),
});

export type Config = z.infer<typeof configSchema>;
export type ConfigName = keyof Config;

/** Every setting with what it means, for help texts. */
export const SETTINGS = (Object.keys(configSchema.shape) as ConfigName[]).map((name) => ({
  name,
  flag: `--${name.toLowerCase().replaceAll('_', '-')}`,
  description: configSchema.shape[name].description ?? '',
}));

/**
 * Settings from flags and environment; a flag goes before a variable, and an empty variable counts as unset.
 *
 * @throws {GlossarySearchError} `config-invalid`, naming each variable that is wrong.
 */
export function readConfig(
  flags: Partial<Record<ConfigName, string>> = {},
  environment: NodeJS.ProcessEnv = process.env,
): Config {
  const values = Object.fromEntries(
    SETTINGS.map(({ name }) => [name, flags[name] ?? (environment[name] || undefined)]),
  );
  const parsed = configSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]) as ConfigName;
    const setting = SETTINGS.find((candidate) => candidate.name === name)!;
    return `  ${name} (${setting.flag}, ${setting.description}) is ${JSON.stringify(values[name])}: ${issue.message}`;
  });
  throw new GlossarySearchError('config-invalid', `The configuration is wrong:\n${problems.join('\n')}`);
}
