import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deleteProfile, disableProfile, download, enableProfile, sendNotifications } from '@esim-rsp/euicc';
import { type Es9Name, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { parseActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { downloadBy, newPhone, type PhoneOptions } from '../../harness/phone.ts';
import { released, stateOf } from '../../harness/profiles.ts';
import {
  again,
  type Message,
  type RawEs9,
  rawEs9,
  seenBy,
  signed,
  unchanged,
  verdict,
} from '../../harness/raw-es9.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
let es9: RawEs9;
before(async () => {
  server = await startServer();
  es9 = rawEs9(server);
});
after(async () => {
  es9[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

/** Downloads with a phone that keeps a record of what it sent. */
async function recorded(input: PhoneOptions = {}) {
  const sent: Message[] = [];
  const { iccid, activationCode } = await released(server);
  const keep = seenBy(async (message) => void sent.push(message));
  const phone = await newPhone(server, { ...input, through: keep });
  await downloadBy(phone, activationCode);
  const messageOf = (name: Es9Name) => sent.findLast((one) => one.name === name) ?? assert.fail(name);
  return { iccid, activationCode, sent, phone, messageOf };
}

test('messages that are sent again change nothing, before and after the installation', async () => {
  const { iccid, sent, messageOf, ...mine } = await recorded();
  await using phone = mine.phone;
  await unchanged(server, iccid, async () => {
    assert.equal(await again(es9, messageOf('authenticateClient')), '8.10.1/3.9');
    const answered = await es9.call(
      es9plus.getBoundProfilePackage.path,
      JSON.stringify(messageOf('getBoundProfilePackage').body),
    );
    assert.equal(
      verdict('getBoundProfilePackage', answered),
      'ok',
      'a package that got lost may be fetched again',
    );
  });
  await sendNotifications(phone.env);
  assert.equal(await stateOf(server, iccid), 'INSTALLED');
  await unchanged(server, iccid, async () => {
    for (const name of ['authenticateClient', 'getBoundProfilePackage'] as const)
      assert.equal(await again(es9, messageOf(name)), '8.10.1/3.9');
    for (const message of sent.filter(({ name }) => name === 'handleNotification'))
      assert.equal(await again(es9, message), 'ok');
  });
});

test('old news is acknowledged and changes nothing', async () => {
  const { iccid, sent, ...mine } = await recorded();
  await using phone = mine.phone;
  for (const change of [enableProfile, disableProfile, enableProfile, disableProfile, deleteProfile]) {
    await change(phone.env.es10, parseIccid(iccid));
    await sendNotifications(phone.env);
  }
  assert.equal(await stateOf(server, iccid), 'DELETED');
  const notifications = sent.filter(({ name }) => name === 'handleNotification');
  assert.ok(notifications.length >= 6);
  await unchanged(server, iccid, async () => {
    for (const message of [...notifications, ...notifications.toReversed()])
      assert.equal(await again(es9, message), 'ok');
  });
});

test('notifications of one profile under another one’s keys are acknowledged and change nothing', async () => {
  const one = await recorded();
  await using first = one.phone;
  const other = await recorded();
  await using second = other.phone;
  await sendNotifications(first.env);
  await unchanged(server, other.iccid, async () => {
    for (const message of one.sent.filter(({ name }) => name === 'handleNotification'))
      assert.equal(await again(es9, message), 'ok');
  });
  await sendNotifications(second.env);
  assert.equal(await stateOf(server, other.iccid), 'INSTALLED');
});

test('calls out of their order are 8.10.1/3.9, and the download goes on', async () => {
  const past = await recorded();
  await using _ = past.phone;
  const { iccid, activationCode } = await released(server);
  const strange = past.sent.filter(({ name }) => signed(name));
  const attack = async ({ name, body }: Message) => {
    const { transactionId } = body;
    if (transactionId === undefined) return;
    for (const message of strange) {
      // The same function with somebody else's signature, or one that is not due: never accepted.
      const early: Message = { ...message, body: { ...message.body, transactionId } };
      assert.equal(await again(es9, early), '8.10.1/3.9', `${message.name} before ${name}`);
    }
  };
  const spy = seenBy((message) => unchanged(server, iccid, () => attack(message)));
  await using phone = await newPhone(server, { through: spy });
  await downloadBy(phone, activationCode);
  assert.equal(await stateOf(server, iccid), 'DOWNLOADED');
});

/** What a phone sent in a download that failed, and the profile that it was about. */
async function failedDownload(
  consent: () => Promise<boolean>,
  { order = {}, codes = [], ...where }: { order?: object; codes?: string[]; in?: ServerProcess } = {},
) {
  const at = where.in ?? server;
  const { iccid, activationCode } = await released(at, undefined, order);
  const sent: Message[] = [];
  await using phone = await newPhone(at, { through: seenBy(async (message) => void sent.push(message)) });
  const left = [...codes];
  const input = {
    source: parseActivationCode(activationCode),
    consent,
    confirmationCode: async () => left.shift(),
  };
  await assert.rejects(download(input, phone.env));
  return { iccid, sent: sent.filter(({ name }) => signed(name)) };
}

test('a session that the user has declined takes nothing more', async () => {
  const { iccid, sent } = await failedDownload(async () => false);
  assert.equal(await stateOf(server, iccid), 'ERROR');
  assert.equal(sent.at(-1)?.name, 'cancelSession');
  await unchanged(server, iccid, async () => {
    for (const message of sent) assert.equal(await again(es9, message), '8.10.1/3.9', message.name);
  });
});

test('a session that ended after a wrong confirmation code takes no other attempt', async () => {
  const terms = { order: { confirmation_code: 'right-1' }, codes: ['wrong'] };
  const { iccid, sent } = await failedDownload(async () => true, terms);
  const { data } = await server.api.getEUICCProfile(iccid);
  assert.deepEqual([data.state, data.cc_retries], ['RELEASED', 4]);
  await unchanged(server, iccid, async () => {
    for (const message of sent) assert.equal(await again(es9, message), '8.10.1/3.9', message.name);
  });
});

test('a session that expired takes nothing more, and its order stays', async () => {
  await using hasty = await startServer({ ESIM_SESSION_SECONDS: '1' });
  using caller = rawEs9(hasty);
  const late = async () => {
    await new Promise((resolve) => setTimeout(resolve, 1100));
    return true;
  };
  const { iccid, sent } = await failedDownload(late, { in: hasty });
  assert.equal(await stateOf(hasty, iccid), 'RELEASED');
  const { data: before } = await hasty.api.getEUICCProfile(iccid);
  assert.ok(sent.length >= 2);
  for (const { name, path, body } of sent)
    assert.equal(verdict(name, await caller.call(path, JSON.stringify(body))), '8.10.1/3.9');
  assert.deepEqual((await hasty.api.getEUICCProfile(iccid)).data, before);
});

test('messages of another server are refused, and tell it nothing', async () => {
  const past = await recorded();
  await using _ = past.phone;
  await using other = await startServer();
  using caller = rawEs9(other);
  const { iccid } = await released(other);
  for (const { name, path, body } of past.sent) {
    const reported = verdict(name, await caller.call(path, JSON.stringify(body)));
    assert.ok(
      reported === '8.10.1/3.9' || name === 'initiateAuthentication' || name === 'handleNotification',
      reported,
    );
  }
  assert.equal(await stateOf(other, iccid), 'RELEASED');
});
