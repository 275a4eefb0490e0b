/** Packs the package, installs it in an empty folder, and uses it there: what is published must run. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'glossary-search-package-'));
const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', NO_COLOR: '1' };
const run = (command, args, cwd = folder) =>
  execFileSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  });

try {
  const packed = JSON.parse(
    run('npm', ['pack', '--json', '--pack-destination', folder], root).replace(/^[^[{]*/, ''),
  );
  const [{ filename, size, entryCount, files }] = Array.isArray(packed) ? packed : Object.values(packed);
  const stray = files.filter(({ path }) => /\.test\.|^src\/|^index\/|^evaluation\//.test(path));
  if (stray.length > 0)
    throw new Error(`the package holds what it should not: ${stray.map(({ path }) => path).join(', ')}`);
  console.log(`${filename}: ${entryCount} files, ${(size / 1e6).toFixed(1)} MB`);

  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      allowScripts: { 'hnswlib-node': true, 'onnxruntime-node': false },
    }),
  );
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${filename}`]);
  // A small glossary of one's own, as the README shows.
  run('mkdir', ['-p', 'content/en']);
  writeFileSync(
    join(folder, 'content/glossary.yaml'),
    'name: Mine\ndefaultLanguage: en\nlanguages: { en: { name: English } }\n',
  );
  writeFileSync(
    join(folder, 'content/en/token.md'),
    '---\ntitle: Token\n---\nA piece of text that a model reads as one unit.\n',
  );
  writeFileSync(
    join(folder, 'content/en/vector.md'),
    '---\ntitle: Vector\n---\nA list of numbers that places something in a space.\n',
  );
  const bin = join(folder, 'node_modules/.bin/glossary-search');
  run(bin, ['build']);
  const answer = JSON.parse(run(bin, ['search', 'what pieces is text cut into', '--json']));
  if (answer.results[0]?.slug !== 'token')
    throw new Error(`the installed package answers ${JSON.stringify(answer.results[0])}`);
  writeFileSync(
    join(folder, 'use.mjs'),
    `import { Engine } from 'glossary-search';
     const engine = await Engine.open({ indexDir: 'index', encoder: 'node_modules/glossary-search/model' });
     const { results } = await engine.search({ query: 'list of numbers', limit: 1, mode: 'hybrid', explain: false });
     console.log(results[0].slug);
     await engine.close();`,
  );
  const slug = run(process.execPath, ['use.mjs']).trim();
  if (slug !== 'vector') throw new Error(`the imported package answers ${slug}`);
  console.log('The packed package installs, builds, answers, and can be imported.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
