/** Installs the packages of package-lock.json and compiles src/ to dist/, if that is not done. Plain JavaScript: it runs before any package is there. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LEAST_NODE = 20;
const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.installed-lock');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

if (Number(process.versions.node.split('.')[0]) < LEAST_NODE) {
  console.error(`glossary-search needs Node.js ${LEAST_NODE} or newer; this is ${process.version}.`);
  process.exit(1);
}
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.error('Installing packages …');
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    // onnxruntime-node would download GPU libraries, which nothing here uses (npm 11 is told by "allowScripts").
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  if (status !== 0) {
    console.error(
      `The packages could not be installed: ${error?.message ?? 'npm ci failed'}. Its messages are above.`,
    );
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

const sources = readdirSync(join(root, 'src'), { recursive: true }).map((name) => join(root, 'src', name));
const newest = Math.max(
  ...[...sources, join(root, 'tsconfig.build.json')].map((path) => statSync(path).mtimeMs),
);
const compiled = join(root, 'dist', '.compiled');
if (!existsSync(compiled) || statSync(compiled).mtimeMs < newest) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  // Without checks, which are CI's: the types of an optional package that could not be compiled here are missing.
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(
    process.execPath,
    [tsc, '-p', join(root, 'tsconfig.build.json'), '--noCheck'],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  if (status !== 0) {
    console.error('The sources could not be compiled; the messages are above.');
    process.exit(1);
  }
  writeFileSync(compiled, '');
}
