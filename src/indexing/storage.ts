/** Files on disk: written in full or not at all, replaced in one step, verified before they are read. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GlossarySearchError } from '../errors.ts';
import { MANIFEST_FILE, type Manifest, manifestSchema } from './manifest.ts';

const POINTER = 'current';
const LOCK = 'build.lock';
const UNFINISHED = 'unfinished-';

export const BUILD_HINT = 'Run "npm run build:index" (glossary-search build).';

/** Writes a file and waits until it is on the disk. */
export async function writeDurably(path: string, data: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash as Hash);
  return hash.digest('hex');
}

/** The folder of the index in force, or undefined if none was ever built. */
export async function currentFolder(indexDir: string): Promise<string | undefined> {
  const pointer = join(indexDir, POINTER);
  if (!existsSync(pointer)) return undefined;
  const name = (await readFile(pointer, 'utf8')).trim();
  if (!/^[\w.-]+$/.test(name)) {
    throw new GlossarySearchError('index-damaged', `${pointer} doesn't name an index folder. ${BUILD_HINT}`);
  }
  return join(indexDir, name);
}

/**
 * Reads a folder's manifest and checks every file it names, byte for byte, before anything parses them:
 * native code crashes on a damaged graph.
 *
 * @returns the manifest, and the names of the damaged files that `tolerate` accepts.
 * @throws {GlossarySearchError} `index-damaged`
 */
export async function verifyFolder(
  folder: string,
  tolerate: (name: string) => boolean = () => false,
): Promise<{ manifest: Manifest; damaged: GlossarySearchError[] }> {
  const manifest = await readManifest(folder);
  const damaged: GlossarySearchError[] = [];
  await Promise.all(
    Object.entries(manifest.files).map(async ([name, { bytes, sha256 }]) => {
      const path = join(folder, name);
      const size = existsSync(path) ? (await stat(path)).size : -1;
      if (size === bytes && (await sha256OfFile(path)) === sha256) return;
      const what =
        size < 0 ? 'is missing' : size !== bytes ? `has ${size} bytes instead of ${bytes}` : 'was changed';
      const error = new GlossarySearchError('index-damaged', `The index file ${path} ${what}. ${BUILD_HINT}`);
      if (!tolerate(name)) throw error;
      damaged.push(error);
    }),
  );
  return { manifest, damaged };
}

/** Reads a folder's manifest alone, for a quick look at what it holds. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST_FILE);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new GlossarySearchError('index-damaged', `The index has no readable ${path}. ${BUILD_HINT}`, {
      cause,
    });
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new GlossarySearchError('index-damaged', `${path} is not of this version's format. ${BUILD_HINT}`);
}

/**
 * Lets `write` fill a new folder and then makes it the index in force by renaming one small file. A crash at
 * any moment leaves the old one in force; what it left over is removed by the next build.
 *
 * @throws {GlossarySearchError} `build-running` while another process builds into the same folder.
 */
export async function replaceIndex(
  indexDir: string,
  write: (folder: string) => Promise<{ manifest: Omit<Manifest, 'files'>; files: string[] }>,
): Promise<Manifest> {
  await mkdir(indexDir, { recursive: true });
  const unlock = await lock(indexDir);
  try {
    await removeOthers(indexDir);
    const unfinished = join(indexDir, `${UNFINISHED}${process.pid}`);
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished);
    const { manifest: head, files } = await write(unfinished);
    const described = await Promise.all(
      files.map(async (name) => {
        const path = join(unfinished, name);
        return [name, { bytes: (await stat(path)).size, sha256: await sha256OfFile(path) }] as const;
      }),
    );
    const manifest: Manifest = { ...head, files: Object.fromEntries(described) };
    await writeDurably(join(unfinished, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    const name = `${manifest.version}-${Date.now().toString(36)}`;
    await rename(unfinished, join(indexDir, name));
    await writeDurably(join(indexDir, `${POINTER}.new`), `${name}\n`);
    await rename(join(indexDir, `${POINTER}.new`), join(indexDir, POINTER));
    await removeOthers(indexDir);
    return manifest;
  } finally {
    await unlock();
  }
}

/** Removes every index folder but the one in force. An open index is in memory and doesn't miss its files. */
async function removeOthers(indexDir: string): Promise<void> {
  const current = await currentFolder(indexDir).catch(() => undefined);
  for (const item of await readdir(indexDir, { withFileTypes: true })) {
    const path = join(indexDir, item.name);
    const isIndex = item.name.startsWith(UNFINISHED) || existsSync(join(path, MANIFEST_FILE));
    if (item.isDirectory() && isIndex && path !== current) await rm(path, { recursive: true, force: true });
  }
}

/** Takes the build lock of a folder; a lock whose process is gone is taken over. */
async function lock(indexDir: string): Promise<() => Promise<void>> {
  const path = join(indexDir, LOCK);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(`${process.pid}\n`);
      await file.close();
      return () => unlink(path).catch(() => undefined);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const pid = Number(await readFile(path, 'utf8').catch(() => ''));
      if (attempt > 0 || (pid !== process.pid && isRunning(pid))) {
        throw new GlossarySearchError(
          'build-running',
          `Another build (process ${pid}) is writing to ${indexDir}. Wait for it, or remove ${path} if that process is no build.`,
        );
      }
      await unlink(path).catch(() => undefined);
    }
  }
  throw new Error('unreachable');
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
