import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { webhooks } from '@esim-rsp/sdk';
import { runEsim } from '../../harness/esim.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { subscription } from '../../harness/profiles.ts';
import { startReceiver } from '../../harness/receiver.ts';
import { startServer } from '../../harness/server.ts';

const PROFILES = 600;
const MAIN = new URL('../../../packages/cli/src/main.ts', import.meta.url).pathname;

test('a rotation that is killed again and again can be run once more, and every secret is still readable', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-rotate-'));
  const settings = { ESIM_DATA_DIR: folder, ESIM_WEBHOOK_ALLOW_PRIVATE: '1' };
  const esim = (...args: string[]) => runEsim({ cwd: folder, env: settings }, ...args);
  const statusNow = async () => JSON.parse((await esim('secrets', 'status', '--json')).out);
  try {
    await using receiver = await startReceiver();
    await using first = await startServer(settings);
    const lines = Array.from({ length: PROFILES }, () => JSON.stringify({ parameters: subscription() }));
    for await (const report of first.api.importEUICCProfiles(lines.join('\n'), { format: 'ndjson' }))
      if (report.type === 'summary') assert.equal(report.created, PROFILES);
    const { data: hook } = await first.api.createWebhook({ url: receiver.url, events: ['*'] });
    const { data: page } = await first.api.listEUICCProfiles({ count: 1 });
    const [{ iccid } = assert.fail()] = page.euicc_profiles;
    const { data: order } = await first.api.orderEUICCProfile(iccid, { confirmation_code: '2468' });
    await first.close();
    const before = await statusNow();
    const keyBefore = readFileSync(join(folder, 'master.key'), 'utf8');

    const rotate = ['secrets', 'rotate', '--reseal', '--no-wait', '--json'];
    for (const milliseconds of [250, 350, 450, 550, 700]) {
      const child = spawn(process.execPath, [MAIN, ...rotate], {
        cwd: folder,
        env: { PATH: process.env.PATH, ...settings },
        stdio: 'ignore',
      });
      const exit = once(child, 'exit');
      await Promise.race([sleep(milliseconds), exit]);
      child.kill('SIGKILL');
      await exit;
    }
    const last = await esim(...rotate);
    assert.equal(last.code, 0, last.err);
    const after = await statusNow();
    assert.notEqual(after.master_key, before.master_key);
    assert.deepEqual(after.unfinished, []);
    assert.notEqual(readFileSync(join(folder, 'master.key'), 'utf8'), keyBefore);
    const oldKey = join(folder, `master.key.${before.master_key}`);
    assert.equal(readFileSync(oldKey, 'utf8'), keyBefore, 'backups until now need the old key');

    const came = receiver.received.length;
    await using second = await startServer(settings);
    await using phone = await newPhone(second);
    const code = order.activation_code.replace(/\$[^$]+\$/, `$${second.smdpAddress}$`);
    await downloadBy(phone, code, '2468');
    const { body, headers } = (await receiver.count(came + 2)).at(-1) ?? assert.fail();
    assert.ok(await webhooks.unwrap(body, headers, hook.secret));
    for await (const row of second.api.exportEUICCProfiles({ format: 'ndjson' })) assert.ok(row);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
