import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { credentialsIn, saveCredentials } from './credentials.ts';
import { ensureFirstAccount, type FirstAccountEnv } from './first-account.ts';

test('a later start of a demo names the file that has the key of its account', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'esim-first-account-'));
  try {
    const store = { accounts: async () => [{ id: 'demo' }], apiKeys: async () => [{ id: 'one' }] };
    const env = {
      ...{ store, restUrl: 'http://127.0.0.1:8080', isTerminal: false, random: systemRandom, now: 0 },
      config: { demo: true, bootstrap: {}, dataDir },
    } as unknown as FirstAccountEnv;
    assert.deepEqual((await ensureFirstAccount(env))?.key, { kind: 'existing' });
    await saveCredentials(dataDir, { userId: 'demo', apiKey: 'esk_1', url: env.restUrl });
    assert.deepEqual((await ensureFirstAccount(env))?.key, { kind: 'saved', file: credentialsIn(dataDir) });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
