#!/usr/bin/env node
/** The command line: build, serve, search, related, config. */
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { pino } from 'pino';
import { type ConfigName, readConfig, SETTINGS } from './config.ts';
import { GlossarySearchError } from './errors.ts';
import { buildIndex } from './indexing/build.ts';
import { Engine } from './search/engine.ts';
import { matchLanguage } from './search/language.ts';
import { MODES, type Mode } from './search/mode.ts';
import { runCommand, serve } from './server/serve.ts';
import { formatError, formatRelated, formatSearch, showProgress } from './terminal.ts';

type Flags = Partial<Record<ConfigName, string>>;

const READING: ConfigName[] = ['INDEX_DIR', 'ENCODER'];
const BUILDING: ConfigName[] = ['CONTENT', ...READING];

const program = new Command('glossary-search')
  .description('Ask a glossary in your own words, in your own language; get the entries that answer.')
  .showHelpAfterError('(add --help for what it takes)');

/** A command that takes the named settings as flags. */
function command(usage: string, description: string, names: readonly ConfigName[]): Command {
  const made = program.command(usage).description(description);
  for (const { name, flag, description: meaning } of SETTINGS) {
    if (names.includes(name)) made.addOption(new Option(`${flag} <value>`, `${meaning} (${name})`));
  }
  return made;
}

/** Settings given as flags, by the names of the variables. */
function flagsOf(options: Record<string, unknown>): Flags {
  const entries = SETTINGS.map(({ name }) => {
    const key = name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    return [name, options[key]];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Flags;
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= 50) return number;
  throw new InvalidArgumentError('It must be a whole number from 1 to 50.');
}

const limitOption = (count: number) =>
  new Option('-n, --limit <count>', 'how many to show').argParser(wholeNumber).default(count);
const langOption = new Option('-l, --lang <code>', 'language to answer in (default: that of the question)');
const jsonOption = new Option('--json', 'print JSON for scripts');

command('build', 'Embeds the glossary and writes the index; only what changed is embedded again.', BUILDING)
  .option('--force', 'embed everything again')
  .action(async (options: { force?: boolean }) => {
    const { CONTENT: content, INDEX_DIR: indexDir, ENCODER: encoder } = readConfig(flagsOf({ ...options }));
    const progress = showProgress();
    const started = performance.now();
    const { status, manifest, embedded } = await buildIndex({
      content,
      indexDir,
      encoder,
      force: options.force ?? false,
      onProgress: progress.update,
    }).finally(progress.stop);
    const { entries, passages } = manifest.counts;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.error(
      status === 'unchanged'
        ? `The index ${manifest.version} is up to date: ${entries} entries, ${passages} passages.`
        : `Built the index ${manifest.version} in ${seconds} s: ${entries} entries, ${passages} passages, ${embedded} of them embedded now.`,
    );
  });

command(
  'serve',
  'Answers over HTTP; builds the index first if it is missing or out of date.',
  SETTINGS.map(({ name }) => name),
).action(async (options: Record<string, unknown>) => {
  const flags = flagsOf(options);
  const config = readConfig(flags);
  const logger = pino({ level: config.LOG_LEVEL }, pino.destination({ dest: 1, sync: true }));
  const build = () =>
    runCommand(fileURLToPath(import.meta.url), [
      'build',
      ...['--content', config.CONTENT, '--index-dir', config.INDEX_DIR, '--encoder', config.ENCODER],
    ]);
  const service = await serve(config, logger, build);
  const stop = (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'stopping');
    service.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  await service.ready;
});

command('search', 'Answers one question.', READING)
  .argument('<question>')
  .addOption(limitOption(5))
  .addOption(langOption)
  .addOption(new Option('-m, --mode <mode>', 'how to search').choices(MODES).default('hybrid' satisfies Mode))
  .option('-c, --category <id...>', 'only entries of these categories')
  .option('--explain', 'with --json: what each signal contributes')
  .addOption(jsonOption)
  .action(
    (
      question: string,
      options: {
        limit: number;
        lang?: string;
        mode: Mode;
        category?: string[];
        explain?: boolean;
        json?: boolean;
      },
    ) =>
      withEngine({ ...options }, async (engine) => {
        if (question.trim() === '') throw new GlossarySearchError('config-invalid', 'The question is empty.');
        const { timings, ...result } = await engine.search({
          query: question,
          language: languageOf(engine, options.lang),
          limit: options.limit,
          categories: options.category,
          mode: options.mode,
          explain: options.explain ?? false,
        });
        console.log(options.json ? JSON.stringify(result, null, 2) : formatSearch({ ...result, timings }));
      }),
  );

command('related', 'Terms to read after one, by its slug.', READING)
  .argument('<slug>')
  .addOption(limitOption(6))
  .addOption(langOption)
  .addOption(jsonOption)
  .action((slug: string, options: { limit: number; lang?: string; json?: boolean }) =>
    withEngine({ ...options }, async (engine) => {
      if (!engine.index.entry(slug)) {
        const nearest = engine.names.nearestSlugs(slug, 5);
        const hint = nearest.length > 0 ? ` Did you mean ${nearest.join(', ')}?` : '';
        throw new GlossarySearchError('term-unknown', `There is no term "${slug}".${hint}`);
      }
      const language = languageOf(engine, options.lang) ?? engine.index.glossary.settings.defaultLanguage;
      const terms = engine.related(slug, language, options.limit);
      console.log(options.json ? JSON.stringify(terms, null, 2) : formatRelated(terms));
    }),
  );

command(
  'config',
  'Prints the settings in force.',
  SETTINGS.map(({ name }) => name),
).action((options: Record<string, unknown>) => {
  const config = readConfig(flagsOf(options));
  for (const { name, description } of SETTINGS)
    console.log(`${name}=${[config[name] ?? ''].flat().join(',')}  # ${description}`);
});

async function withEngine(
  options: Record<string, unknown>,
  use: (engine: Engine) => Promise<void>,
): Promise<void> {
  const config = readConfig(flagsOf(options));
  const engine = await Engine.open({
    indexDir: config.INDEX_DIR,
    encoder: config.ENCODER,
    warn: (message) => console.error(message),
  });
  try {
    await use(engine);
  } finally {
    await engine.close();
  }
}

function languageOf(engine: Engine, lang: string | undefined): string | undefined {
  if (lang === undefined) return undefined;
  const codes = Object.keys(engine.index.glossary.settings.languages);
  const found = matchLanguage(lang, codes);
  if (found) return found;
  throw new GlossarySearchError(
    'language-unknown',
    `The glossary has no "${lang}", only ${codes.join(', ')}.`,
  );
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(formatError(error));
  process.exit(1);
}
