import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { temporaryCopy, temporaryFolder } from './testing/temporary.ts';

const { content, indexDir, encoder } = inject('fixture');
const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');
const environment = {
  ...process.env,
  CONTENT: content,
  INDEX_DIR: indexDir,
  ENCODER: encoder,
  NO_COLOR: '1',
};

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the program as a user would. */
async function run(args: string[], env: NodeJS.ProcessEnv = environment): Promise<Result> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', tsx, cli, ...args], {
      env,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as Result;
  }
}

describe('glossary-search', () => {
  it('answers a question readably, and as JSON', async () => {
    const readable = await run(['search', 'how can a model learn from data nobody labelled']);
    expect(readable.stderr).toBe('');
    expect(readable.stdout).toMatch(
      /^1\. Self-Supervised Learning {2}self-supervised-learning · \d+ %\n {3}\w/,
    );
    const json = await run(['search', 'backpropogation', '--json', '--limit', '2', '--lang', 'pt']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      language: 'pt',
      corrected: 'Backpropagation',
      results: [{ slug: 'backpropagation' }, {}],
    });
    expect((await run(['search', 'best pizza in town'])).stdout).toMatch(
      /^The glossary has no sure answer\. Nearest:/,
    );
  });

  it('names related terms', async () => {
    expect((await run(['related', 'bert'])).stdout).toMatch(/^.+ {2}[a-z-]+ · editorial\n/);
    const unknown = await run(['related', 'bertt']);
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toMatch(/no term "bertt".*Did you mean bert/);
  });

  it('builds, with progress, and does nothing the second time', async () => {
    const target = await temporaryFolder();
    const first = await run(['build', '--index-dir', target]);
    expect(first.stderr).toMatch(
      /embedding passages: 10 %.*\n(?:.*\n)*Built the index \w+ in [\d.]+ s: 15 entries, (\d+) passages, \d+ of them embedded now\./,
    );
    expect((await run(['build', '--index-dir', target])).stderr).toMatch(/up to date: 15 entries/);
  });

  it('says what is wrong, where, and how to mend it, without a stack trace', async () => {
    const cases: [string[], NodeJS.ProcessEnv, RegExp][] = [
      [['search', 'x', '--limit', '99'], environment, /1 to 50/],
      [['search', 'x', '--lang', 'de'], environment, /no "de", only en, pt, es, fr/],
      [['search', '  '], environment, /question is empty/],
      [['search', 'x'], { ...environment, INDEX_DIR: '/nowhere' }, /no index in \/nowhere.*build:index/],
      [['search', 'x'], { ...environment, ENCODER: '/nowhere' }, /no sentence model at \/nowhere.*ENCODER/],
      [['build'], { ...environment, CONTENT: '/nowhere' }, /no content folder \/nowhere.*CONTENT/],
      [
        ['serve'],
        { ...environment, PORT: '70000', RATE_LIMIT: 'fast' },
        /PORT \(--port.*"70000"(?:.*\n)*.*RATE_LIMIT \(--rate-limit.*"fast"/,
      ],
      [['sreve'], environment, /unknown command 'sreve'/],
    ];
    for (const [args, env, message] of cases) {
      const { code, stderr } = await run(args, env);
      expect(code, args.join(' ')).toBe(1);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
  });

  it('explains itself', async () => {
    const help = await run(['serve', '--help']);
    for (const flag of ['--port', '--content', '--encoder', '--rate-limit', '--cors-origins'])
      expect(help.stdout).toContain(flag);
    expect((await run(['config', '--port', '8080'])).stdout).toMatch(/^PORT=8080 {2}#/m);
  });

  it('serves until it is told to stop', async () => {
    const child = spawn(process.execPath, ['--import', tsx, cli, 'serve', '--port', '0'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    let url: string | undefined;
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      for (const line of String(chunk).trim().split('\n')) {
        const entry = JSON.parse(line) as { msg: string; url?: string };
        url ??= entry.url;
        if (entry.msg !== 'ready') continue;
        const response = await fetch(`${url}/v1/search?q=bert`);
        expect(await response.json()).toMatchObject({
          results: [{ slug: 'bert' }, {}, {}, {}, {}, {}, {}, {}, {}, {}],
        });
        child.kill('SIGTERM');
      }
    }
    expect(await exited).toEqual([0, null]);
  });

  it('builds first when it serves without an index', async () => {
    const empty = join(await temporaryCopy(content), 'index');
    const child = spawn(
      process.execPath,
      ['--import', tsx, cli, 'serve', '--port', '0', '--index-dir', empty],
      { env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const exited = once(child, 'exit');
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      output += chunk;
      if (/"msg":"ready"/.test(output)) child.kill('SIGTERM');
    }
    await exited;
    expect(output).toMatch(/Built the index/);
  });
});
