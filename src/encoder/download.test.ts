/** Against a real HTTP server that has the bundled model under the paths of a hub. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, inject, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../testing/temporary.ts';
import { MODEL_FILES } from './download.ts';
import { openEncoder } from './encoder.ts';

const bundled = inject('fixture').encoder;
const ID = 'Xenova/multilingual-e5-small';
const ONNX = 'onnx/model_quantized.onnx';

const files = new Map<string, Buffer>();
beforeAll(async () => {
  for (const name of MODEL_FILES) files.set(name, await readFile(join(bundled, name)));
});
afterEach(() => vi.unstubAllEnvs());

type Answer = (request: IncomingMessage, response: ServerResponse, file: string, body: Buffer) => void;

const whole: Answer = (_request, response, _file, body) =>
  void response
    .writeHead(200, {
      'content-length': body.length,
      'x-linked-etag': `"${createHash('sha256').update(body).digest('hex')}"`,
    })
    .end(body);

/** A hub, and an empty cache folder that goes with it. `answers` replace the answer to a file, one after another. */
async function startHub(answers: Record<string, Answer[]> = {}) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const file = request.url!.replace(`/${ID}/resolve/main/`, '');
    asked.push(file);
    const body = files.get(file);
    if (!body) return void response.writeHead(404).end();
    (answers[file]?.shift() ?? whole)(request, response, file, body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const cache = await temporaryFolder();
  vi.stubEnv('HF_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('XDG_CACHE_HOME', cache);
  const stop = () => new Promise((done) => server.close(done).closeAllConnections());
  onTestFinished(() => void stop());
  return { asked, stop, folder: join(cache, 'glossary-search/models', ID) };
}

async function open() {
  const progress: { file: string; bytes: number; total: number }[] = [];
  const encoder = await openEncoder(ID, { onDownload: (step) => progress.push(step) });
  onTestFinished(() => encoder.close());
  return { encoder, progress };
}

const leftovers = async (folder: string) =>
  (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.part'));

it('downloads a model once, says how far it is, and gives the vectors that the folder gives', async () => {
  const hub = await startHub();
  const { encoder, progress } = await open();
  expect(hub.asked).toEqual([...MODEL_FILES]);
  const size = files.get(ONNX)!.length;
  expect(progress.at(-1)).toEqual({ file: ONNX, bytes: size, total: size });
  expect(await leftovers(hub.folder)).toEqual([]);

  await hub.stop();
  const again = await open();
  expect(again.progress, 'the second time without the hub').toEqual([]);
  expect(again.encoder.fingerprint).toBe(encoder.fingerprint);
  expect((await again.encoder.encodeQuery('attention')).vector).toEqual(
    (await encoder.encodeQuery('attention')).vector,
  );
});

it('tries again after an interruption, a busy server and bytes that are not those of the hub', async () => {
  const hub = await startHub({
    'config.json': [(_request, response) => void response.writeHead(503).end()],
    'tokenizer.json': [
      (_request, response, _file, body) => {
        response.writeHead(200, { 'content-length': body.length });
        response.write(body.subarray(0, 1000), () => response.destroy());
      },
    ],
    [ONNX]: [
      (_request, response, _file, body) =>
        void response.writeHead(200, { 'x-linked-etag': `"${'0'.repeat(64)}"` }).end(body.subarray(0, 5000)),
    ],
  });
  const { encoder } = await open();
  expect((await encoder.encodeQuery('attention')).vector).toHaveLength(384);
  expect(hub.asked.filter((file) => file === 'tokenizer.json')).toHaveLength(2);
  expect(hub.asked.filter((file) => file === ONNX)).toHaveLength(2);
  expect(await leftovers(hub.folder)).toEqual([]);
});

it('goes on where it stopped: what is whole is not asked for again', async () => {
  const broken: Answer = (_request, response) => void response.writeHead(403).end();
  const hub = await startHub({ [ONNX]: [broken] });
  await expect(open()).rejects.toThrow(/model_quantized\.onnx: the server answered 403/);
  hub.asked.length = 0;
  await open();
  expect(hub.asked).toEqual([ONNX]);
});

it('does not keep a web page that comes in place of a file', async () => {
  const page: Answer = (_request, response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please sign in</html>');
  const hub = await startHub({ 'config.json': [page] });
  await expect(open()).rejects.toThrow(/config\.json: what came is not JSON/);
  expect(existsSync(join(hub.folder, 'config.json'))).toBe(false);
});

it('says which file a model lacks', async () => {
  const missing: Answer = (_request, response) => void response.writeHead(404).end();
  await startHub({ [ONNX]: [missing] });
  await expect(open()).rejects.toThrow(/model_quantized\.onnx: the server answered 404, so there is no such/);
});

it('says what to do when the hub is out of reach', async () => {
  const hub = await startHub();
  await hub.stop();
  await expect(open()).rejects.toMatchObject({
    code: 'encoder-missing',
    message: expect.stringMatching(
      /can't be downloaded from http:.*config\.json: fetch failed \(.*ECONNREFUSED.*HF_ENDPOINT.*by hand.*bundled model/s,
    ),
  });
});

it('says how to describe a model that it does not know', async () => {
  await startHub();
  await expect(openEncoder('someone/some-model')).rejects.toThrow(
    /not known how the model someone\/some-model wants to be used\. Write .*some-model.encoder\.json/,
  );
});
