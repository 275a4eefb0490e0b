/** What tells one sentence model from another: an index answers only with the model it was built with. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MODEL_FILES } from './download.ts';
import type { EncoderSettings } from './settings.ts';

/** SHA-256 over the model's files and settings, as hexadecimal; `folder` holds the files. */
export async function fingerprintOf(folder: string, settings: EncoderSettings): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const name of MODEL_FILES) {
    const path = join(folder, name);
    hash.update(`\n${name}\n`);
    if (existsSync(path)) await pipeline(createReadStream(path), hash, { end: false });
  }
  return hash.digest('hex').slice(0, 32);
}
