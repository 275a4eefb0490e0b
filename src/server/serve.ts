/** Starts the service: listens at once, builds the index if it must, answers as soon as it can. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { GlossarySearchError } from '../errors.ts';
import { findUpToDate } from '../indexing/build.ts';
import { currentFolder } from '../indexing/storage.ts';
import { Engine, type EngineOptions } from '../search/engine.ts';
import { createApp } from './app.ts';
import { Service } from './service.ts';

/** How long requests in flight may take when the service is told to stop. */
const SHUTDOWN_MS = 10_000;

export interface RunningService {
  url: string;
  /** Resolves when the first question can be answered; rejects if that can never be. */
  ready: Promise<void>;
  /** Stops listening, lets requests in flight finish, and frees the model. */
  close(): Promise<void>;
}

/**
 * @param build runs `glossary-search build` somewhere where it can't block this process.
 * @throws the error of `listen`, e.g. when the port is taken.
 */
export async function serve(
  config: Config,
  logger: Logger,
  build: () => Promise<void>,
): Promise<RunningService> {
  const service = new Service(config);
  const server = createServer(createApp(service, logger));
  server.listen(config.PORT, config.HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`;
  logger.info({ url }, 'listening');

  let closing = false;
  const ready = openEngine(service, config, logger, build).then(async (engine) => {
    if (closing) await engine.close();
  });
  return {
    url,
    ready,
    async close() {
      closing = true;
      await closeServer(server);
      await service.engine?.close();
    },
  };
}

/** An index that is out of date answers until the new one is there; without any, the build comes first. */
async function openEngine(
  service: Service,
  config: Config,
  logger: Logger,
  build: () => Promise<void>,
): Promise<Engine> {
  const started = performance.now();
  const options: EngineOptions = {
    indexDir: config.INDEX_DIR,
    encoder: config.ENCODER,
    warn: (message) => logger.warn(message),
    onDegraded: (error) => logger.error({ err: error }, 'a query could not be embedded; keywords answer'),
  };
  const [match, opened] = await Promise.all([
    findUpToDate({ content: config.CONTENT, indexDir: config.INDEX_DIR, encoder: config.ENCODER }),
    openStale(options, logger),
  ]);
  let engine = opened;
  const lacksGraph = match?.graph && engine?.index.vectors.kind === 'exact';
  const upToDate = match !== undefined && !lacksGraph;
  const announce = (message: string) => {
    const { manifest, glossary } = engine!.index;
    logger.info(
      {
        index: manifest.version,
        entries: glossary.entries.length,
        seconds: Math.round(performance.now() - started) / 1000,
      },
      message,
    );
  };
  if (engine) {
    service.engine = engine;
    announce(upToDate ? 'ready' : 'ready with the old index');
  }
  if (upToDate && engine) return engine;
  try {
    await build();
  } catch (error) {
    if (!engine) throw error;
    logger.error({ err: error }, 'the new index could not be built; the old one goes on answering');
    return engine;
  }
  if (engine) await engine.reload();
  else engine = await Engine.open(options);
  service.engine = engine;
  announce('ready');
  return engine;
}

/** The engine over whatever index is there; undefined without a usable one, and without loading the model for none. */
async function openStale(options: EngineOptions, logger: Logger): Promise<Engine | undefined> {
  try {
    return (await currentFolder(options.indexDir)) === undefined ? undefined : await Engine.open(options);
  } catch (error) {
    if (!(error instanceof GlossarySearchError) || !error.code.startsWith('index-')) throw error;
    logger.warn(error.message);
    return undefined;
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), SHUTDOWN_MS);
  await closed;
  clearTimeout(timer);
}

/** Runs a command of this program as a process of its own, on the same terminal. @throws if it fails. */
export async function runCommand(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  if (code !== 0)
    throw new GlossarySearchError(
      'build-failed',
      `The build failed (${signal ?? `exit code ${code}`}); its messages are above.`,
    );
}
