/** Folders that a test may spoil; removed when it ends. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'glossary-search-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function temporaryCopy(source: string): Promise<string> {
  const folder = await temporaryFolder();
  await cp(source, folder, { recursive: true });
  return folder;
}
