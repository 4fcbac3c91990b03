import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Curve, curves, KeyUnavailable } from '@esim-rsp/sgp22/crypto/ecdsa';
import { TokenError } from './process.ts';
import { createSoftHsm, modulePath, PIN, withoutTokens } from './softhsm.harness.ts';
import { createToken, listTokens, type Token, type TokenOptions } from './token.ts';
import { findTokenKey } from './token-keys.ts';

const skip = { skip: withoutTokens };
const hsm = withoutTokens ? undefined : createSoftHsm('unit');
if (hsm !== undefined) process.env.SOFTHSM2_CONF = hsm.env.SOFTHSM2_CONF;
after(() => hsm?.[Symbol.dispose]());

const said: string[] = [];
const settings = (): TokenOptions => ({
  modulePath,
  which: { token: 'unit' },
  timeoutMs: 30_000,
  sessions: 2,
  log: (_, message) => said.push(message),
  ...(hsm && { pinFile: hsm.pinFile }),
});

/** A token that ends with the test. */
function use(changes: Partial<TokenOptions> = {}): Token & Disposable {
  const token = createToken({ ...settings(), ...changes });
  return { ...token, [Symbol.dispose]: token.close };
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}

/** The process of the token: the only child of this one whose program is program.ts. */
function findProcess(): number | undefined {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    .trim()
    .split(' ');
  const isToken = (pid: string) => /keys\/token\/program/.test(commandOf(pid));
  const running = children.filter((pid) => pid !== '' && isToken(pid)).map(Number);
  return running.at(-1);
}

const processId = () => findProcess() ?? assert.fail('it runs');

const failure = async (result: Promise<unknown>): Promise<TokenError> => {
  const error = await result.then(
    () => assert.fail('it must fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TokenError, String(error));
  assert.doesNotMatch(`${error.message} ${error.stack}`, new RegExp(PIN));
  return error;
};

let ids = 0;
async function generate(token: Token, object: string, curve: Curve = 'P-256') {
  return token.call('generate', { curve, object, id: Uint8Array.of(++ids) });
}

test('a key of each curve is created in the token, cannot leave it, and signs', skip, async () => {
  using writer = use({ writes: true });
  for (const curve of curves) {
    const created = await generate(writer, `key on ${curve}`, curve);
    assert.equal(created.curve, curve);
    const key = await findTokenKey(writer, { object: `key on ${curve}` });
    assert.deepEqual(key.verifyingKey.point, created.point);
    const signature = await key.sign(Uint8Array.of(1), Uint8Array.of(2, 3));
    assert.equal(key.verifyingKey.verify(signature, Uint8Array.of(1, 2, 3)), true);
    assert.equal(key.verifyingKey.verify(signature, Uint8Array.of(1, 2, 4)), false);
  }
  const again = await failure(generate(writer, 'key on P-256'));
  assert.match(again.message, /has a private key with label 'key on P-256' already: choose another --object/);
  const listed = await writer.call('keys', {});
  assert.deepEqual(
    listed.map(({ label, extractable, sensitive }) => [label, extractable, sensitive]).toSorted(),
    curves.map((curve) => [`key on ${curve}`, false, true]).toSorted(),
  );
  assert.deepEqual(
    (await listTokens(modulePath)).filter(({ initialized }) => initialized).map(({ label }) => label),
    ['unit'],
  );
});

test('many signatures at the same time use the sessions in turn', skip, async () => {
  using token = use();
  const key = await findTokenKey(token, { object: 'key on P-256' });
  const texts = Array.from({ length: 100 }, (_, i) => Uint8Array.of(i));
  const signatures = await Promise.all(texts.map((text) => key.sign(text)));
  for (const [i, text] of texts.entries())
    assert.equal(key.verifyingKey.verify(signatures[i] as Uint8Array, text), true);
});

test('what is missing is named, with what is there and what to do', skip, async () => {
  const cases: readonly (readonly [Partial<TokenOptions>, RegExp])[] = [
    [{ modulePath: '/usr/lib/none.so' }, /^the PKCS#11 module \/usr\/lib\/none\.so does not exist: install/],
    [{ modulePath: import.meta.filename }, /cannot be loaded as a PKCS#11 module: install the software/],
    [
      { which: { token: 'other' } },
      /has no token with label 'other'; it has: 'unit' \(serial [0-9a-f]+\)\. Connect/,
    ],
    [{ which: { serial: '12' } }, /has no token with serial '12'/],
    [{ pinFile: '/none/pin' }, /^the PIN file \/none\/pin cannot be read \(ENOENT\)$/],
  ];
  for (const [changes, message] of cases) {
    using token = use(changes);
    assert.match((await failure(token.call('keys', {}))).message, message);
  }
  const { pinFile: _pinFile, ...withoutPin } = settings();
  const token = createToken(withoutPin);
  assert.match(
    (await failure(token.call('keys', {}))).message,
    /there is no PIN .* set ESIM_PKCS11_PIN_FILE/,
  );
  using open = use();
  assert.match(
    (await failure(open.call('find', { object: 'none' }))).message,
    /has no private key with label 'none'; it has: 'key on .* \(id 0\d\), 'key on .*\. Correct the URI, or create a key/,
  );
});

test('two tokens with the same label are told apart by their serial numbers only', skip, async () => {
  assert.ok(hsm);
  using twins = createSoftHsm('twin');
  twins.addToken('twin');
  process.env.SOFTHSM2_CONF = twins.env.SOFTHSM2_CONF;
  try {
    using token = use({ which: { token: 'twin' } });
    assert.match(
      (await failure(token.call('keys', {}))).message,
      /^several tokens have label 'twin': add serial=/,
    );
    const [first] = await listTokens(modulePath);
    using chosen = use({ which: { token: 'twin', serial: first?.serial ?? '' } });
    assert.deepEqual(await chosen.call('keys', {}), []);
  } finally {
    process.env.SOFTHSM2_CONF = hsm.env.SOFTHSM2_CONF;
  }
});

test('a wrong PIN is tried once, until the file has another one', skip, async () => {
  assert.ok(hsm);
  const pinFile = join(hsm.folder, 'wrong-pin');
  writeFileSync(pinFile, 'not-the-pin');
  using token = use({ pinFile });
  const first = await failure(token.call('keys', {}));
  assert.match(
    first.message,
    /^the token 'unit' refuses the PIN \(CKR_PIN_INCORRECT\): correct it\. It is not tried again/,
  );
  assert.equal(first.kind, 'pin');
  assert.doesNotMatch(first.message, /not-the-pin/);
  const runs = () => token.call('keys', {});
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 400)); // past the pause after a failure
    assert.equal((await failure(runs())).message, first.message);
    assert.equal(findProcess(), undefined, 'nothing may use the token');
  }
  writeFileSync(pinFile, `${PIN}\n`); // as an editor writes it
  let keys: readonly unknown[] | undefined;
  while (keys === undefined)
    keys = await runs().catch(() => new Promise<undefined>((resolve) => setTimeout(resolve, 100)));
  assert.equal(keys.length, 2);
  assert.equal(token.problem(), undefined);
});

test('a process of the token that was killed is replaced, and no signature is lost', skip, async () => {
  using token = use();
  const key = await findTokenKey(token, { object: 'key on P-256' });
  const texts = Array.from({ length: 40 }, (_, i) => Uint8Array.of(i));
  const results = texts.map((text) => key.sign(text));
  process.kill(processId(), 'SIGKILL');
  const signatures = await Promise.all(results);
  for (const [i, text] of texts.entries())
    assert.equal(key.verifyingKey.verify(signatures[i] as Uint8Array, text), true);
  assert.match(said.join('\n'), /its process has ended \(SIGKILL\); connects again/);
});

test(
  'a token that does not answer fails within the time limit, and is used again by a new process',
  skip,
  async () => {
    using token = use({ timeoutMs: 1000 });
    const key = await findTokenKey(token, { object: 'key on P-256' });
    const stopped = processId();
    process.kill(stopped, 'SIGSTOP');
    const startedAt = performance.now();
    await assert.rejects(async () => key.sign(Uint8Array.of(1)), KeyUnavailable);
    assert.ok(performance.now() - startedAt < 15_000, 'less than the time of a start');
    let signature: Uint8Array | undefined;
    while (signature === undefined)
      signature = await Promise.resolve(key.sign(Uint8Array.of(1))).catch(() => undefined);
    assert.equal(key.verifyingKey.verify(signature, Uint8Array.of(1)), true);
    assert.notEqual(processId(), stopped);
  },
);

test('calls that wait for a token have a limit', skip, async () => {
  using token = use({ timeoutMs: 60_000 });
  const key = await findTokenKey(token, { object: 'key on P-256' });
  process.kill(processId(), 'SIGSTOP');
  const waiting = Array.from({ length: 1000 }, () => Promise.resolve(key.sign(Uint8Array.of(1))));
  const ended = Promise.allSettled(waiting);
  await assert.rejects(
    async () => key.sign(Uint8Array.of(1)),
    /1000 calls wait for the token 'unit' already/,
  );
  process.kill(processId(), 'SIGCONT');
  assert.ok((await ended).every(({ status }) => status === 'fulfilled'));
});

test(
  'a token that was removed makes signing fail, says so once, and is found again when it is back',
  skip,
  async () => {
    assert.ok(hsm);
    using removable = createSoftHsm('removable');
    process.env.SOFTHSM2_CONF = removable.env.SOFTHSM2_CONF;
    try {
      using token = use({ which: { token: 'removable' }, writes: true });
      await generate(token, 'key');
      const key = await findTokenKey(token, { object: 'key' });
      const conf = readFileSync(removable.env.SOFTHSM2_CONF, 'utf8');
      writeFileSync(removable.env.SOFTHSM2_CONF, conf.replace('/tokens', '/none')); // as if it were unplugged
      said.length = 0;
      process.kill(processId(), 'SIGKILL');
      for (let i = 0; i < 5; i++)
        await assert.rejects(async () => key.sign(Uint8Array.of(1)), KeyUnavailable);
      assert.notEqual(token.problem(), undefined);
      assert.ok(said.length <= 3, said.join('\n'));
      writeFileSync(removable.env.SOFTHSM2_CONF, conf);
      while (token.problem() !== undefined) await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(key.verifyingKey.verify(await key.sign(Uint8Array.of(1)), Uint8Array.of(1)), true);
      assert.match(said.join('\n'), /the token 'removable' can be used again/);
    } finally {
      process.env.SOFTHSM2_CONF = hsm.env.SOFTHSM2_CONF;
    }
  },
);

test('another key under the same label is not used', skip, async () => {
  assert.ok(hsm);
  using exchanged = createSoftHsm('exchanged');
  process.env.SOFTHSM2_CONF = exchanged.env.SOFTHSM2_CONF;
  try {
    using token = use({ which: { token: 'exchanged' }, writes: true });
    await generate(token, 'key');
    const key = await findTokenKey(token, { object: 'key' });
    const tokens = join(exchanged.folder, 'tokens');
    for (const name of readdirSync(tokens)) rmSync(join(tokens, name), { recursive: true });
    exchanged.addToken('exchanged');
    process.kill(processId(), 'SIGKILL');
    using other = use({ which: { token: 'exchanged' }, writes: true });
    await generate(other, 'key');
    await assert.rejects(
      async () => key.sign(Uint8Array.of(1)),
      /has another key with label 'key' than at the start/,
    );
  } finally {
    process.env.SOFTHSM2_CONF = hsm.env.SOFTHSM2_CONF;
  }
});
