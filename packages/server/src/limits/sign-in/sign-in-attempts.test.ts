import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMemoryStore } from '../../store/sqlite/memory.harness.ts';
import { createSignInAttempts, type SharedAttempts, type SignInAttempts } from './sign-in-attempts.ts';

const NOW = 1_800_000_000_000;

const begin = async (attempts: SignInAttempts, address: string, who?: string, seconds = 0) => {
  const begun = await attempts.begin(address, who, NOW + seconds * 1000);
  return typeof begun === 'number' ? begun : 'begun';
};

/** Servers that share a store. */
async function servers(count: number, perAddress: number) {
  const store = await openMemoryStore();
  return Array.from({ length: count }, () => createSignInAttempts(perAddress, store));
}

test('an address waits after as many wrong attempts as a minute allows, and others do not', async () => {
  const [attempts = assert.fail()] = await servers(1, 2);
  assert.equal(await begin(attempts, 'a', 'x'), 'begun');
  assert.equal(await begin(attempts, 'a', 'y'), 'begun');
  assert.equal(await begin(attempts, 'a', 'z'), 30);
  assert.equal(await begin(attempts, 'b', 'x'), 'begun');
  assert.equal(await begin(attempts, 'a', 'z', 30), 'begun');
});

test('servers of one store count together', async () => {
  const nodes = await servers(5, 4);
  const answers = await Promise.all(nodes.flatMap((node) => [1, 2, 3].map(() => begin(node, 'a', 'x'))));
  assert.equal(answers.filter((answer) => answer === 'begun').length, 4);
  assert.deepEqual(
    new Set(answers.filter((answer) => answer !== 'begun')),
    new Set([15]), // the next attempt after a quarter of a minute
  );
  const [first = assert.fail(), , , , last = assert.fail()] = nodes;
  assert.equal(await begin(last, 'a', 'x', 15), 'begun');
  assert.equal(await begin(first, 'a', 'x', 15), 15);
});

test('one address cannot use up what an account has, at no number of servers, but many can, and then all wait for it', async () => {
  const nodes = await servers(8, 2);
  const [node = assert.fail(), other = assert.fail()] = nodes;
  const attack = (address: string) =>
    Promise.all(nodes.flatMap((one) => [1, 2].map(() => begin(one, address, 'victim'))));
  assert.equal((await attack('attacker')).filter((answer) => answer === 'begun').length, 2);
  assert.equal(await begin(other, 'home', 'victim'), 'begun');
  for (let address = 0; address < 4; address++) await attack(`address ${address}`);
  assert.equal(await begin(node, 'another', 'victim'), 6);
  assert.equal(await begin(node, 'another', 'somebody else'), 'begun');
});

test('an attempt that was right costs nothing, here and elsewhere', async () => {
  const nodes = await servers(2, 1);
  for (let n = 0; n < 20; n++) {
    const begun = await (nodes[n % 2] as SignInAttempts).begin('a', 'x', NOW);
    assert.ok(typeof begun !== 'number');
    await begun.succeed();
  }
});

test('what exceeds the limit at one server does not reach the store, which has no address and no name', async () => {
  const calls: string[] = [];
  const shared: SharedAttempts = {
    takeSignInAttempt: async ({ name }) => {
      calls.push(name);
      return 0;
    },
    giveBackSignInAttempts: async () => undefined,
  };
  const attempts = createSignInAttempts(3, shared);
  for (let n = 0; n < 20; n++) await begin(attempts, '203.0.113.9', 'ada@example.com');
  assert.equal(calls.length, 6);
  for (const name of calls) assert.match(name, /^[\w-]{22}$/);
});

test('0 is no limit, and needs no store', async () => {
  const attempts = createSignInAttempts(0, undefined as never);
  for (let n = 0; n < 100; n++) assert.equal(await begin(attempts, 'a', 'x'), 'begun');
});
