import assert from 'node:assert/strict';
import { test } from 'node:test';
import { esimWithDemo } from '../../../../../test/harness/esim-with-server.ts';

const { esim, server } = await esimWithDemo();

const done = async (...args: string[]) => {
  const { code, out, err } = await esim(...args);
  assert.equal(code, 0, err);
  return out;
};

test('a range is reserved, listed, kept from other reservations, and deleted', async () => {
  await done('account', 'create', 'Shop', '--user-id', 'shop');
  assert.match(
    await done('account', 'reservation', 'create', 'shop', '8988303'),
    /^8988303 is reserved for shop\.$/m,
  );
  const { code, err } = await esim('account', 'reservation', 'create', 'shop', '898830355');
  assert.equal(code, 1);
  assert.match(
    err,
    /8988303 is reserved for shop already, and has numbers of 898830355: choose another range/,
  );
  const listed = JSON.parse(await done('account', 'reservation', 'list', '--json'));
  assert.deepEqual(
    listed.map(({ range, user_id }: { range: string; user_id: string }) => [range, user_id]),
    [['8988303', 'shop']],
  );
  await done('account', 'reservation', 'delete', '8988303');
  assert.deepEqual(JSON.parse(await done('account', 'reservation', 'list', '--json')), []);
});

test('a wrong range, an unknown account and an unknown reservation are refused with what to do', async () => {
  for (const [args, code, message] of [
    [['create', 'shop', '8988'], 2, /a prefix of 5 to 20 digits/],
    [['create', 'nobody', '8988307'], 1, /there is no account nobody: create it with 'esim account create'/],
    [['delete', '8988307'], 1, /there is no reservation 8988307: 'esim account reservation list' shows them/],
  ] as const) {
    const outcome = await esim('account', 'reservation', ...args);
    assert.equal(outcome.code, code, outcome.err);
    assert.match(outcome.err, message);
  }
});

test('accounts are listed, and what belongs to none is refused by its name', async () => {
  await done('account', 'create', 'Second shop', '--user-id', 'second');
  const accounts = JSON.parse(await done('account', 'list', '--json'));
  const second = accounts.find(({ user_id }: { user_id: string }) => user_id === 'second');
  assert.equal(second.name, 'Second shop');
  assert.match(await done('account', 'list'), /^second +\S+Z +Second shop$/m);
  const { code, err } = await esim('key', 'list', 'nobody');
  assert.deepEqual([code, /there is no account nobody: 'esim account list'/.test(err)], [1, true]);
});

test('the hint of a new key has the address of the running server', async () => {
  const { err } = await esim('key', 'create', 'second', '--scope', 'read');
  assert.ok(err.includes(`ESIM_URL=${server.restUrl} ESIM_USER_ID=second `), err);
});

test('a table without rows says that there is nothing', async () => {
  assert.match((await esim('account', 'reservation', 'list')).err, /there are no reservations: see/);
  assert.match((await esim('template', 'list')).err, /there are no templates: see/);
  const quiet = await esim('template', 'list', '--json');
  assert.equal(quiet.err, '');
});
