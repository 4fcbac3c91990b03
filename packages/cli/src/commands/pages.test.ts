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

test('events, history, audit and deliveries have one order and one way to limit times and types', async () => {
  const [newest = ''] = lines((await esim('events', '--sort', 'newest', '--count', '1', '--json')).out);
  const { iccid } = JSON.parse(newest);
  for (const command of [['events'], ['profile', 'history', iccid]]) {
    const idsOf = async (...options: string[]) => {
      const { out, err, code } = await esim(...command, '--all', '--json', ...options);
      assert.equal(code, 0, err);
      const events =
        command.length > 1
          ? JSON.parse(out).events
          : lines(out)
              .filter(Boolean)
              .map((line) => JSON.parse(line));
      return events.map(({ id }: { id: number }) => id);
    };
    const oldest = await idsOf();
    assert.ok(oldest.length > 1);
    assert.deepEqual(await idsOf('--sort', 'oldest', '--since', '8d'), oldest);
    assert.deepEqual(await idsOf('--sort', 'newest'), oldest.toReversed());
    assert.deepEqual(await idsOf('--until', '8d'), []);
    assert.deepEqual(await idsOf('--types', 'profile.purged'), []);
  }
  const { entries } = JSON.parse((await esim('audit', '--all', '--json')).out);
  const reversed = JSON.parse((await esim('audit', '--all', '--sort', 'oldest', '--json')).out).entries;
  assert.deepEqual(reversed.slice(0, entries.length), entries.toReversed());
  const wrong = await esim('events', '--follow', '--sort', 'newest');
  assert.deepEqual([wrong.code, /--follow works with/.test(wrong.err)], [2, true]);
});

test('--all with --count is wrong usage', async () => {
  for (const command of ['events', 'audit']) {
    const { code, err } = await esim(command, '--all', '--count', '2');
    assert.deepEqual([code, err], [2, 'esim: use either --count or --all\n']);
  }
});

test('the overview counts profiles and downloads, and says what it counts', async () => {
  const { out, code, err } = await esim('overview');
  assert.equal(code, 0, err);
  assert.match(out, /^profiles {3}\d+ {2}/m);
  assert.match(out, /^downloads {2}\d+ succeeded, \d+ failed since 20/m);
  const data = JSON.parse((await esim('overview', '--days', '2', '--by-hour', '--json')).out);
  const { total } = JSON.parse((await esim('profile', 'list', '--count', '1', '--json')).out);
  assert.deepEqual([data.profiles.total, data.downloads.by], [total, 'hour']);
  assert.equal(Date.parse(data.downloads.until) - Date.parse(data.downloads.since) >= 2 * 86_400_000, true);
});
