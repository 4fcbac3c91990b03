import assert from 'node:assert/strict';
import { test } from 'node:test';
import { esimWithDemo } from '../../../../test/harness/esim-with-server.ts';

const { esim } = await esimWithDemo();

const lines = (text: string) => text.trimEnd().split('\n');

test('events and audit show a page and how to continue, or everything with --all', async () => {
  const { euicc_profiles: profiles } = JSON.parse(
    (await esim('profile', 'list', '--state', 'AVAILABLE', '--json')).out,
  );
  const { iccid } = profiles[0];
  assert.equal((await esim('profile', 'order', iccid)).code, 0);
  assert.equal((await esim('profile', 'update', iccid, '--attempts', '5')).code, 0);
  const page = await esim('events', '--count', '1', '--json');
  assert.equal(lines(page.out).length, 1);
  const all = lines((await esim('events', '--all', '--json')).out);
  assert.deepEqual(all, lines((await esim('events', '--count', '1000', '--json')).out));
  assert.ok(all.length > 1, all.join());
  assert.equal(all[0], lines(page.out)[0]);
  assert.match((await esim('events', '--count', '1')).err, /--cursor \S+, or --all/);

  const [newest] = JSON.parse((await esim('audit', '--count', '1', '--json')).out).entries;
  const { entries, more } = JSON.parse((await esim('audit', '--all', '--json')).out);
  assert.deepEqual([entries[0], more], [newest, false]);
  assert.ok(entries.length > 1);
});

test('--all with --count is wrong usage', async () => {
  for (const command of ['events', 'audit']) {
    const { code, err } = await esim(command, '--all', '--count', '2');
    assert.deepEqual([code, err], [2, 'esim: use either --count or --all\n']);
  }
});
