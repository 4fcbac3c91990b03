import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { esimWithDemo } from '../../../../../test/harness/esim-with-server.ts';

const { cwd, server, esim } = await esimWithDemo();

async function names(): Promise<string[]> {
  const { out } = await esim('phone', 'list', '--json');
  return (JSON.parse(out) as { name: string }[]).map(({ name }) => name);
}

test('phone create uses the address and the PKI of the running server, at whatever port', async () => {
  const { code, out, err } = await esim('phone', 'create', '--name', 'second', '--json');
  assert.equal(code, 0, err);
  assert.equal(JSON.parse(out).default_smdp_address, server.smdpAddress);
});

test('phone delete deletes an empty phone, and refuses one with a profile unless it is forced', async () => {
  const { userId, apiKey } = JSON.parse(readFileSync(join(cwd, 'data/credentials.json'), 'utf8'));
  assert.ok(userId && apiKey);
  const { out: ordered } = await esim('profile', 'order', '8900101000000000043', '--json');
  const download = await esim('phone', 'download', JSON.parse(ordered).activation_code, '--name', 'second');
  assert.equal(download.code, 0, download.err);
  const listed = await esim('phone', 'profile', 'list', '--name', 'second', '--json');
  assert.deepEqual(
    JSON.parse(listed.out).map(({ iccid, state }: { iccid: string; state: string }) => [iccid, state]),
    [['8900101000000000043', 'disabled']],
  );

  const refused = await esim('phone', 'delete', 'second', '--json');
  assert.equal(refused.code, 1);
  const { code, hint } = JSON.parse(refused.err);
  assert.equal(code, 'phone_not_empty');
  assert.match(hint, /esim phone profile delete.*--force/);
  assert.ok((await names()).includes('second'));

  assert.equal((await esim('phone', 'profile', 'delete', '8900101000000000043', '--name', 'second')).code, 0);
  assert.deepEqual((await esim('phone', 'delete', 'second')).code, 0);
  assert.deepEqual(await names(), []);
});

test('phone delete with an ICCID deletes nothing and names the phone that is missing', async () => {
  const { code, err } = await esim('phone', 'delete', '8900101000000000019');
  assert.equal(code, 1);
  assert.match(err, /no phone 8900101000000000019/);
});
