import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Outcome } from '../../../../../test/harness/esim.ts';
import { esimWithEmptyServer } from '../../../../../test/harness/esim-with-server.ts';
import { nextIccid } from '../../../../../test/harness/profiles.ts';

const { cwd, esim } = await esimWithEmptyServer({ ESIM_UPSTREAM_ALLOW_PRIVATE: '1' });

function out({ code, out: text, err }: Outcome): string {
  assert.equal(code, 0, err);
  return text;
}

/** No program listens there, so each operation waits. */
async function addVendor(): Promise<void> {
  out(await esim('operator', 'make-cert', 'us'));
  const identity = ['--cert', 'us.pem', '--key', 'us.key', '--requester', 'us'];
  const vendor = ['--url', 'https://localhost:9', '--smdp-address', 'rsp.vendor.example.com'];
  out(await esim('upstream', 'add', 'vendor', ...identity, ...vendor));
}

async function ordered(): Promise<{ readonly iccid: string; readonly id: string }> {
  const iccid = nextIccid();
  writeFileSync(join(cwd, 'list.csv'), `iccid\n${iccid}\n`);
  out(await esim('profile', 'import', 'list.csv', '--upstream', 'vendor'));
  const said = out(await esim('profile', 'order', iccid, '--wait', '0'));
  const [, id] =
    new RegExp(`^The upstream has not answered yet: the profile ${iccid} is AVAILABLE.*show (op_\\w+)`).exec(
      said,
    ) ?? assert.fail(said);
  return { iccid, id: id as string };
}

test('an operation is listed, shown and settled', async () => {
  await addVendor();
  const { iccid, id } = await ordered();
  const shown = out(await esim('profile', 'show', iccid));
  assert.match(shown, new RegExp(`pending operation id +${id}`));
  const list = out(await esim('operation', 'list', '--state', 'waiting', '--iccid', iccid));
  assert.match(list, new RegExp(`${id}.*${iccid}.*order.*waiting`));
  const { operations } = JSON.parse(out(await esim('operation', 'list', '--all', '--json')));
  assert.deepEqual(
    operations.map((one: { id: string }) => one.id),
    [id],
  );
  assert.match(out(await esim('operation', 'show', id)), /^call +downloadOrder$/m);
  const unsure = await esim('operation', 'settle', id);
  assert.deepEqual([unsure.code, /--outcome/.test(unsure.err)], [2, true]);
  const settled = out(await esim('operation', 'settle', id, '--outcome', 'not_done'));
  assert.match(settled, /^state +refused$/m);
  assert.match(out(await esim('operation', 'show', id)), /^result +an admin has settled it/m);
  const again = await esim('operation', 'settle', id, '--outcome', 'done');
  assert.deepEqual([again.code, /has ended/.test(again.err)], [1, true]);
  assert.equal((await esim('operation', 'show', 'op_1')).code, 2);
  assert.match((await esim('operation', 'list', '--state', 'unknown')).err, /nothing was requested/);
});

test('an order of a type is settled with the ICCID that the vendor names', async () => {
  out(await esim('upstream', 'type', 'vendor', 'travel', '--vendor-type', 'TRAVEL-10GB'));
  const said = out(await esim('profile', 'order', '--type', 'travel', '--wait', '0'));
  const [, id = ''] =
    /has chosen no profile of the type travel.*show (op_\w+)/.exec(said) ?? assert.fail(said);
  assert.match(out(await esim('operation', 'show', id)), /^type +travel$/m);
  const without = await esim('operation', 'settle', id, '--outcome', 'done');
  assert.deepEqual([without.code, /send the ICCID/.test(without.err)], [1, true]);
  const iccid = nextIccid();
  const settled = out(await esim('operation', 'settle', id, '--outcome', 'done', '--iccid', iccid));
  assert.match(settled, /^call +confirmOrder$/m);
  assert.match(out(await esim('profile', 'show', iccid)), /ALLOCATED/);
  out(await esim('operation', 'settle', id, '--outcome', 'not_done'));
});

test('an upstream is not deleted before its operations have ended', async () => {
  const { id } = await ordered();
  const refused = await esim('upstream', 'delete', 'vendor');
  assert.match(refused.err, /have not ended/);
  out(await esim('operation', 'settle', id, '--outcome', 'not_done'));
  out(await esim('upstream', 'delete', 'vendor'));
});
