/** A sentence model on a hub → a folder on this machine, from which it loads like any other. */
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as wait } from 'node:timers/promises';
import { GlossarySearchError } from '../errors.ts';
import { modelCacheFolder } from './cache-folder.ts';

/** What a model needs, in Hugging Face layout. */
export const MODEL_FILES = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'onnx/model_quantized.onnx',
] as const;

/** Told while a large file arrives. */
export type OnDownload = (progress: { file: string; bytes: number; total: number }) => void;

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 500;
const SILENCE_MS = 30_000;

/**
 * Downloads what the cache folder lacks of a model; `HF_ENDPOINT` names another hub or a mirror, `HF_TOKEN` opens
 * a private model. A file is written beside and renamed when it is whole and what the hub says it is.
 *
 * @returns the folder
 * @throws {GlossarySearchError} `encoder-missing`, saying what to do without a network.
 */
export async function downloadModel(id: string, onDownload?: OnDownload): Promise<string> {
  const folder = join(modelCacheFolder(), id);
  const host = (process.env.HF_ENDPOINT ?? 'https://huggingface.co').replace(/\/+$/, '');
  for (const file of MODEL_FILES) {
    const target = join(folder, file);
    if (existsSync(target)) continue;
    try {
      await withRetries(() => downloadFile(`${host}/${id}/resolve/main/${file}`, file, target, onDownload));
    } catch (cause) {
      throw new GlossarySearchError(
        'encoder-missing',
        `The sentence model ${id} can't be downloaded from ${host}: ${file}: ${reasonOf(cause)}. Check the id and the ` +
          `network, set HF_ENDPOINT to a mirror, or put its files (${MODEL_FILES.join(', ')}) into ${folder} by hand; ` +
          'the bundled model needs no network.',
        { cause },
      );
    }
  }
  return folder;
}

/** A failure that another attempt would not mend. */
class Final extends Error {}

async function withRetries(attempt: () => Promise<void>): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof Final || tried === ATTEMPTS) throw error;
      await wait(FIRST_PAUSE_MS * 2 ** (tried - 1));
    }
  }
}

async function downloadFile(url: string, file: string, target: string, onDownload: OnDownload | undefined) {
  const silence = new AbortController();
  const giveUp = () => silence.abort(new Error(`nothing came for ${SILENCE_MS / 1000} s`));
  const watch = setTimeout(giveUp, SILENCE_MS);
  const part = `${target}.${process.pid}.part`;
  try {
    const token = process.env.HF_TOKEN;
    const headers = token ? { authorization: `Bearer ${token}` } : undefined;
    const response = await fetch(url, { signal: silence.signal, ...(headers && { headers }) });
    if (!response.ok || !response.body) throw failureOf(response.status);
    const total = Number(response.headers.get('content-length') ?? 0);
    const hash = createHash('sha256');
    let bytes = 0;
    await mkdir(dirname(target), { recursive: true });
    await pipeline(
      Readable.fromWeb(response.body as ReadableStream<Uint8Array>),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          watch.refresh();
          hash.update(chunk);
          bytes += chunk.length;
          onDownload?.({ file, bytes, total });
          yield chunk;
        }
      },
      createWriteStream(part),
    );
    await check(part, file, hash.digest('hex'), response.headers);
    await rename(part, target);
  } finally {
    clearTimeout(watch);
    await rm(part, { force: true });
  }
}

function failureOf(status: number): Error {
  const message = `the server answered ${status}`;
  const mayPass = status === 408 || status === 429 || status >= 500;
  if (mayPass) return new Error(message);
  return new Final(
    status === 404 || status === 401 ? `${message}, so there is no such model or file` : message,
  );
}

/** A portal's login page in place of the file, or bytes that are not those of the hub, must not stay in the cache. */
async function check(path: string, file: string, sha256: string, headers: Headers): Promise<void> {
  const promised = (headers.get('x-linked-etag') ?? headers.get('etag'))?.match(/^"?([0-9a-f]{64})"?$/)?.[1];
  if (promised && promised !== sha256) throw new Error('the bytes that came are not those the hub has');
  if (file.endsWith('.json')) {
    try {
      JSON.parse(await readFile(path, 'utf8'));
    } catch {
      throw new Final('what came is not JSON');
    }
  } else if (headers.get('content-type')?.startsWith('text/html')) {
    throw new Final('what came is a web page');
  }
}

/** fetch says only "fetch failed" and keeps the reason as its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error
    ? `${message} (${cause.message || (cause as NodeJS.ErrnoException).code})`
    : message;
}
