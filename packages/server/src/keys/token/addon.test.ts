import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TokenReply, TokenRequest } from './messages.ts';

const modules = join(import.meta.dirname, '../../../../../node_modules');
const skip = { skip: !existsSync(join(modules, 'pkcs11js')) && 'pkcs11js is not installed' };

/** What the process of a token says in a folder without pkcs11js, or with one whose addon was not built. */
async function faultWithout(part: 'package' | 'addon'): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'esim-addon-'));
  let child: ChildProcess | undefined;
  try {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(modules, '@esim-rsp'), join(folder, 'node_modules/@esim-rsp'));
    mkdirSync(join(folder, 'token'));
    for (const name of readdirSync(import.meta.dirname))
      copyFileSync(join(import.meta.dirname, name), join(folder, 'token', name));
    if (part === 'addon') {
      mkdirSync(join(folder, 'node_modules/pkcs11js'));
      for (const name of ['package.json', 'index.js'])
        copyFileSync(join(modules, 'pkcs11js', name), join(folder, 'node_modules/pkcs11js', name));
    }
    child = fork(join(folder, 'token/program.ts'), { execArgv: [], serialization: 'advanced' });
    const request: TokenRequest = { number: 1, call: 'list', request: { modulePath: '/none.so' } };
    child.send(request);
    const [reply] = (await once(child, 'message')) as [TokenReply];
    assert.ok('fault' in reply);
    assert.equal(reply.fault.kind, 'setting');
    return reply.fault.text;
  } finally {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

test(
  'where npm has run no install script, the error names the command that builds the addon',
  skip,
  async () => {
    assert.match(
      await faultWithout('addon'),
      /^the addon of pkcs11js is not built: run 'npm rebuild pkcs11js --ignore-scripts=false'/,
    );
  },
);

test('where pkcs11js is not installed, the error says so', async () => {
  assert.match(
    await faultWithout('package'),
    /^the package pkcs11js is not installed: run 'npm install pkcs11js'/,
  );
});
