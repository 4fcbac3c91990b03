import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSoftHsm, modulePath, PIN, withoutTokens } from '../../keys/token/softhsm.harness.ts';
import { createToken } from '../../keys/token/token.ts';
import { StoreError } from '../../store/ports/store-error.ts';
import { openSqliteStore } from '../../store/sqlite/store.ts';
import { tokenSource } from './token-master-key.ts';

const skip = { skip: withoutTokens };
const hsm = withoutTokens ? undefined : createSoftHsm('esim');
if (hsm !== undefined) process.env.SOFTHSM2_CONF = hsm.env.SOFTHSM2_CONF;
after(() => hsm?.[Symbol.dispose]());

const pinFile = hsm?.pinFile ?? '';
const settings = { timeoutMs: 30_000, sessions: 1, pinFile };
const ID = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const uriOf = (object: string, changes: object = {}) => ({ token: 'esim', object, modulePath, ...changes });

async function generate(object: string, id: Uint8Array, token = 'esim'): Promise<void> {
  const open = createToken({ ...settings, modulePath, which: { token }, writes: true });
  await open.call('generateSecret', { object, id });
  open.close();
}

async function openDataStore(folder: string, source: ReturnType<typeof tokenSource>) {
  mkdirSync(folder, { recursive: true });
  return await openSqliteStore(join(folder, 'esim.db'), undefined, source);
}

async function failure(result: Promise<unknown>): Promise<StoreError> {
  const error = await result.then(
    () => assert.fail('it must fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StoreError, String(error));
  assert.ok(!`${error.message} ${error.stack}`.includes(PIN));
  return error;
}

/** The processes of tokens below this one. */
function tokenProcesses(): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim();
  const isToken = (pid: string) => {
    try {
      return /keys\/token\/program/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    } catch {
      return false;
    }
  };
  return children.split(' ').filter((pid) => pid !== '' && isToken(pid)).length;
}

test('a key is wrapped in the token for one place, and its id is that of the key', skip, async () => {
  await generate('first', ID);
  const master = await tokenSource(uriOf('first'), settings).read();
  assert.equal(master.id, '0102030405060708');
  const key = crypto.getRandomValues(new Uint8Array(32));
  const [wrapped, again] = [await master.wrap('data_key 1', key), await master.wrap('data_key 1', key)];
  assert.notDeepEqual(wrapped, again);
  assert.deepEqual(new Uint8Array(await master.unwrap('data_key 1', wrapped)), key);
  await assert.rejects(
    master.unwrap('data_key 2', wrapped),
    /does not open it .*: it is another key .* or the value/,
  );
  for (const at of [11, 25, wrapped.length - 1]) {
    const changed = Uint8Array.from(wrapped);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await assert.rejects(master.unwrap('data_key 1', changed), StoreError);
  }
  await assert.rejects(master.unwrap('data_key 1', key), /not a sealed value/);
});

test('a token that is missing, a wrong PIN, and a key that is not there are named', skip, async () => {
  const cases = [
    [
      uriOf('first', { token: 'other' }),
      settings,
      /the token 'other' cannot be used: .* has no token with label 'other'/,
    ],
    [
      uriOf('second'),
      settings,
      /has no secret key with label 'second'; it has: 'first' \(id 0102030405060708\)\. .*create-key/,
    ],
    [uriOf('first', { modulePath: '/none.so' }), settings, /module \/none\.so does not exist/],
    [uriOf('first'), { ...settings, pinFile: '/none/pin' }, /PIN file \/none\/pin cannot be read \(ENOENT\)/],
  ] as const;
  for (const [uri, with_, message] of cases)
    assert.match((await failure(tokenSource(uri, with_).read())).message, message);
  const wrongPin = join(hsm?.folder ?? '', 'wrong-pin');
  writeFileSync(wrongPin, '000000');
  const source = tokenSource(uriOf('first', { pinFile: wrongPin }), settings);
  assert.match((await failure(source.read())).message, /refuses the PIN \(CKR_PIN_INCORRECT\)/);
  rmSync(wrongPin);
});

test(
  'the process of the token ends when the key is not needed, and another one is started when it is',
  skip,
  async () => {
    const source = tokenSource(uriOf('first'), settings);
    const master = await source.read();
    const wrapped = await master.wrap('place', new Uint8Array(32));
    const before = tokenProcesses();
    assert.ok(before > 0);
    for (let tries = 0; tokenProcesses() > 0; tries++) {
      assert.ok(tries < 300, 'it runs for half a minute longer');
      await sleep(100);
    }
    assert.deepEqual(new Uint8Array(await master.unwrap('place', wrapped)), new Uint8Array(32));
  },
);

test('a database opens with the key that wrapped its data keys, and with no other', skip, async () => {
  await generate('other', Uint8Array.of(9));
  const folder = join(hsm?.folder ?? '', 'data');
  const open = (uri: ReturnType<typeof uriOf>) => openDataStore(folder, tokenSource(uri, settings));
  const first = await open(uriOf('first'));
  const sealed = (await first.sealForFile('place', ID)) ?? assert.fail();
  await first.close();
  await assert.rejects(
    open(uriOf('other')),
    /sealed with the master key 0102030405060708, but the token 'esim' has the master key [0-9a-f]{16}: put it there, or set/,
  );
  const again = await open(uriOf('first'));
  assert.deepEqual(await again.openFromFile('place', sealed), ID);
  await again.addDataKey(0);
  const other = await tokenSource(uriOf('other'), settings).read();
  await again.rewrapDataKeys(other);
  await again.close();
  await assert.rejects(open(uriOf('first')), /the token 'esim' has the master key 0102030405060708/);
  const last = await open(uriOf('other'));
  assert.equal((await last.secretsStatus()).dataKeys.length, 2);
  await last.close();
});

test('another key with the same id does not open the data keys', skip, async () => {
  const folder = join(hsm?.folder ?? '', 'same-id');
  const first = await openDataStore(folder, tokenSource(uriOf('first'), settings));
  await first.close();
  hsm?.addToken('copy');
  await generate('first', ID, 'copy');
  await assert.rejects(
    openDataStore(folder, tokenSource(uriOf('first', { token: 'copy' }), settings)),
    /the master key in the token 'copy' cannot be used: .* does not open it/,
  );
});
