import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type KeyPair, KeyUnavailable } from '@esim-rsp/sgp22/crypto/ecdsa';
import { buildFaultyModule, type FaultyModule, faults, withoutCompiler } from './faulty-module.harness.ts';
import { createSoftHsm, type SoftHsm } from './softhsm.harness.ts';
import { createToken, type Token, type TokenOptions } from './token.ts';
import { findTokenKey } from './token-keys.ts';

/** Tokens that fail as those of makers do: SoftHSM2 behind a module that returns errors, hangs or crashes. */

const skip = { skip: withoutCompiler };
let hsm: SoftHsm;
let module: FaultyModule;
before(() => {
  if (withoutCompiler) return;
  hsm = createSoftHsm('faulty');
  Object.assign(process.env, hsm.env);
  module = buildFaultyModule(hsm.folder);
});
after(() => hsm?.[Symbol.dispose]());

type Opened = Disposable & { readonly token: Token; readonly key: KeyPair; readonly said: string[] };

let ids = 0;
async function open(changes: Partial<TokenOptions> = {}): Promise<Opened> {
  const said: string[] = [];
  const token = createToken({
    modulePath: module.path,
    which: { token: 'faulty' },
    pinFile: hsm.pinFile,
    timeoutMs: 20_000,
    sessions: 2,
    writes: true,
    log: (_, message) => said.push(message),
    ...changes,
  });
  const id = Uint8Array.of(++ids);
  await token.call('generate', { curve: 'P-256', object: `key ${ids}`, id });
  return { token, key: await findTokenKey(token, { id }), said, [Symbol.dispose]: token.close };
}

const text = Uint8Array.of(1, 2, 3);
async function signs({ key }: Opened): Promise<void> {
  assert.equal(key.verifyingKey.verify(await key.sign(text), text), true);
}
const unavailable = ({ key }: Opened) => assert.rejects(async () => key.sign(text), KeyUnavailable);

for (const fault of ['sessionHandleInvalid', 'deviceRemoved', 'deviceError', 'crash'] as const)
  for (const call of ['sign', 'sign-init'] as const)
    test(`${fault} at ${call}: the server logs in again, and the signature is made`, skip, async () => {
      using opened = await open();
      const before = module.logins();
      module.fail(call, faults[fault]);
      await signs(opened);
      assert.equal(module.logins(), before + 1);
      assert.equal(
        opened.said.filter((line) => line.endsWith('connects again')).length,
        1,
        opened.said.join('\n'),
      );
    });

test(
  'a token that fails again and again is left alone between its tries, and is used when it is well',
  skip,
  async () => {
    using opened = await open();
    const before = module.logins();
    module.fail('sign', faults.deviceError, 1000);
    for (let i = 0; i < 20; i++) await unavailable(opened);
    assert.ok(module.logins() - before <= 4, `${module.logins() - before} logins`);
    assert.match(opened.token.problem() ?? '', /does not sign \(CKR_DEVICE_ERROR\)/);
    module.heal();
    while (opened.token.problem() !== undefined) await new Promise((resolve) => setTimeout(resolve, 100));
    await signs(opened);
  },
);

test(
  'a module that hangs in C_SignInit is ended after the time limit, and the next signature is made',
  skip,
  async () => {
    using opened = await open({ timeoutMs: 2000 });
    module.fail('sign-init', faults.hang);
    const startedAt = performance.now();
    await unavailable(opened);
    assert.ok(performance.now() - startedAt < 10_000);
    module.heal();
    for (;;) {
      try {
        await signs(opened);
        break;
      } catch (error) {
        assert.ok(error instanceof KeyUnavailable, String(error));
      }
    }
  },
);

test('a refused PIN is tried once, however many calls there are', skip, async () => {
  const before = module.logins();
  module.fail('login', faults.pinIncorrect, 1000);
  const token = createToken({ ...settingsOf(), pinFile: hsm.pinFile });
  try {
    for (let i = 0; i < 5; i++) {
      await assert.rejects(token.call('keys', {}), { name: 'TokenError', kind: 'pin' });
      token.problem(); // as a check of readiness asks
      await new Promise((resolve) => setTimeout(resolve, 300)); // past the pause after a failure
    }
    assert.equal(module.logins(), before + 1);
  } finally {
    token.close();
    module.heal();
  }
});

function settingsOf(): TokenOptions {
  return { modulePath: module.path, which: { token: 'faulty' }, timeoutMs: 20_000, sessions: 2 };
}

for (const [flag, bits, message] of [
  [
    'has one try left',
    0x20000,
    /locks itself after one more wrong PIN, so the server does not try: log in once/,
  ],
  ['is locked', 0x40000, /has locked its PIN after wrong ones: its security officer must set a new one/],
] as const)
  test(`a token that ${flag} is not logged in`, skip, async () => {
    const before = module.logins();
    module.fail('flags', bits, 1000);
    const token = createToken({ ...settingsOf(), pinFile: hsm.pinFile });
    try {
      await assert.rejects(token.call('keys', {}), { name: 'TokenError', kind: 'pin', message });
      assert.equal(module.logins(), before);
    } finally {
      token.close();
      module.heal();
    }
  });

for (const most of ['1', '2'])
  test(`a token with ${most} sessions signs with those`, skip, async () => {
    process.env.FAULTY_SESSIONS = most;
    try {
      using opened = await open({ sessions: 4 });
      await Promise.all(Array.from({ length: 20 }, () => signs(opened)));
    } finally {
      delete process.env.FAULTY_SESSIONS;
    }
  });
