import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServer } from '../../harness/server.ts';

const root = join(import.meta.dirname, '../../..');
const esim = join(root, 'packages', 'cli', 'bin', 'esim.js');

type Command = { readonly line: string; readonly printed: string };

/** What the console blocks of a page say: each command line, and what it prints. */
function commandsOf(page: string): Command[] {
  const blocks = Array.from(page.matchAll(/```console\n(.*?)```/gs), ([, block = '']) => block);
  return blocks
    .flatMap((block) => block.split(/^\$ /m).slice(1))
    .map((text) => {
      const end = text.indexOf('\n');
      return { line: text.slice(0, end), printed: text.slice(end + 1) };
    });
}

/** What is generated anew each time, or depends on the machine, reads the same. */
function withoutChance(text: string): string {
  return text
    .replace(/localhost:\d+/g, 'localhost:PORT')
    .replace(/\b[0-9A-F]{32}\b/g, 'TRANSACTION')
    .replace(/\b[0-9A-Z]{5}(-[0-9A-Z]{5}){3}\b/g, 'MATCHING-ID')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME')
    .replace(/: \d+ bytes/g, ': N bytes')
    .replace(/[ \t]+$/gm, '')
    .trim();
}

/** Runs a line as a shell does: words, and words in single quotes. Both outputs in one, as a terminal shows them. */
function run(line: string, env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  const words = Array.from(line.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? '');
  assert.deepEqual(words.slice(0, 2), ['npx', 'esim']);
  const merged = ['-c', '"$@" 2>&1', 'sh', process.execPath, esim, ...words.slice(2)];
  return new Promise((resolve) => {
    execFile('sh', merged, { env, cwd }, (_error, stdout) => resolve(stdout));
  });
}

for (const [page, least] of [
  ['README.md', 3],
  ['docs/guide/first-steps.md', 8],
] as const)
  test(`the commands of ${page} print what it says`, async (t) => {
    await using server = await startServer({ ESIM_DEMO: '1' });
    const cwd = mkdtempSync(join(tmpdir(), 'esim-tour-'));
    t.after(() => rmSync(cwd, { recursive: true, force: true }));
    const port = server.smdpAddress.split(':')[1];
    const env = {
      PATH: process.env.PATH,
      ESIM_DATA_DIR: server.dataDir,
      ESIM_SMDP_ADDRESS: server.smdpAddress,
    };
    const commands = commandsOf(readFileSync(join(root, page), 'utf8'));
    assert.ok(commands.length >= least);
    for (const { line, printed } of commands) {
      const output = await run(line.replaceAll('localhost:8443', `localhost:${port}`), env, cwd);
      assert.equal(withoutChance(output), withoutChance(printed), line);
    }
  });
