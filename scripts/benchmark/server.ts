/** The real server as a process of its own, and a client for it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** As in package.json. */
const AS_NPM_START = ['--max-semi-space-size=16'];

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const HOST = '127.0.0.1';
const POLL_MS = 10;
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 15_000;

export interface Server {
  pid: number;
  /** Milliseconds from the start of the process until it answered, and until it could answer questions. */
  listeningAfter: number;
  readyAfter: number;
  /** A GET over a connection that is kept; the milliseconds last until the body is read. */
  get(path: string): Promise<Reply>;
  stop(): Promise<void>;
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  milliseconds: number;
}

/** Starts `glossary-search serve` on a free port of the loopback and waits until /readyz says yes. */
export async function startServer(): Promise<Server> {
  const port = await freePort();
  const agent = new Agent({ keepAlive: true });
  const started = performance.now();
  const child = spawn(process.execPath, [...AS_NPM_START, CLI, 'serve'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, HOST, PORT: String(port), LOG_LEVEL: 'warn', RATE_LIMIT: '0' },
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    agent.destroy();
    await stopChild(child);
    process.off('exit', kill);
  };
  const fetch = (path: string) => request(agent, port, path);
  const until = async (path: string): Promise<number> => {
    while (performance.now() - started < START_LIMIT_MS) {
      if (hasEnded(child)) throw new Error('the server ended before it was ready; its messages are above');
      const reply = await fetch(path).catch(() => undefined);
      if (reply?.status === 200) return performance.now() - started;
      await sleep(POLL_MS);
    }
    throw new Error(`the server did not answer ${path} within ${START_LIMIT_MS / 1000} s`);
  };
  try {
    const listeningAfter = await until('/healthz');
    const readyAfter = await until('/readyz');
    return { pid: child.pid!, listeningAfter, readyAfter, get: fetch, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Milliseconds that a Node.js process takes to start and end when it has nothing to do. */
export async function emptyStart(): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--eval', ''], { stdio: 'ignore' });
  await once(child, 'exit');
  return performance.now() - started;
}

function request(agent: Agent, port: number, path: string): Promise<Reply> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    get({ host: HOST, port, path, agent }, (response) => {
      response.resume();
      response.once('error', reject);
      response.once('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, milliseconds: performance.now() - started });
      });
    }).once('error', reject);
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(timer);
}
