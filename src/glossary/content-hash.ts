/** What tells one state of a content folder from another, without parsing it. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** SHA-256 over the names and bytes of `glossary.yaml`, every `<language>/*.md` and `<language>/questions.tsv`, as hexadecimal. */
export async function contentHash(folder: string): Promise<string> {
  const names = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
  const files = names
    .filter((name) => name === 'glossary.yaml' || /^[^/\\]+[/\\](?:[^/\\]+\.md|questions\.tsv)$/.test(name))
    .sort();
  const contents = await Promise.all(files.map((name) => readFile(join(folder, name))));
  const hash = createHash('sha256');
  files.forEach((name, position) => {
    hash.update(`${name.replaceAll('\\', '/')}\0${contents[position]!.length}\0`).update(contents[position]!);
  });
  return hash.digest('hex').slice(0, 32);
}
