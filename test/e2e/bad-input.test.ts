import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deleteProfile, disableProfile, download, enableProfile, sendNotifications } from '@esim-rsp/euicc';
import { type Es9Name, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { parseActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import fc from 'fast-check';
import { derIn, type Message, type RawEs9, rawEs9, seenBy, turned, verdict, withDer } from './raw-es9.ts';
import { downloadBy, newPhone, type PhoneWish, released, startWorld, stateOf, type World } from './world.ts';

let world: World;
let es9: RawEs9;
before(async () => {
  world = await startWorld({ ESIM_DOWNLOAD_ATTEMPTS: '10' });
  es9 = rawEs9(world);
});
after(async () => {
  es9[Symbol.dispose]();
  await world[Symbol.asyncDispose]();
});

async function answer({ name, path }: Pick<Message, 'name' | 'path'>, body: string): Promise<string> {
  return verdict(name, await es9.call(path, body));
}

const again = (message: Message) => answer(message, JSON.stringify(message.body));

/** All of them, eight at a time; gives the different verdicts. */
async function answers(message: Message, bodies: Iterable<string>): Promise<Set<string>> {
  const found = new Set<string>();
  const left = Iterator.from(bodies);
  const caller = async () => {
    for (let next = left.next(); !next.done; next = left.next()) found.add(await answer(message, next.value));
  };
  await Promise.all(Array.from({ length: 8 }, caller));
  return found;
}

/** Does the work and makes sure that the profile is to the last member what it was. */
async function unchanged(iccid: string, work: () => Promise<unknown>): Promise<void> {
  const { data: before } = await world.api.getEUICCProfile(iccid);
  await work();
  const { data: now } = await world.api.getEUICCProfile(iccid);
  assert.deepEqual(now, before);
}

/** What has no signature over it may be read as something else; a signed message may not. */
const signed = (name: Es9Name) => name !== 'initiateAuthentication' && name !== 'handleNotification';

function mustRefuse({ name }: Message, verdicts: Set<string>): void {
  if (signed(name)) assert.ok(!verdicts.has('ok'), `${name} took a message that was changed`);
}

/** A download, then every event that a phone reports, with somebody who sends worse before each message. */
async function wholeLife(attack: (message: Message, iccid: string) => Promise<void>): Promise<void> {
  const order = { confirmation_code: 'right-1' };
  const { iccid, activationCode } = await released(world, undefined, order);
  const attacked = (message: Message) => unchanged(iccid, () => attack(message, iccid));
  await using phone = await newPhone(world, { through: seenBy(attacked) });
  await downloadBy(phone, activationCode, 'right-1');
  const told = async (state: string) => {
    await sendNotifications(phone.env);
    assert.equal(await stateOf(world, iccid), state);
  };
  await told('INSTALLED');
  await enableProfile(phone.env.es10, parseIccid(iccid));
  await told('ENABLED');
  await disableProfile(phone.env.es10, parseIccid(iccid));
  await told('DISABLED');
  await deleteProfile(phone.env.es10, parseIccid(iccid));
  await told('DELETED');
}

test('a message with any one octet changed is refused in the middle of a download, which goes on', () =>
  wholeLife(async (message) => {
    const [, octets] = derIn(message);
    const bodies = turned(octets).map((changed) => withDer(message, changed));
    mustRefuse(message, await answers(message, bodies));
  }));

test('a message that is cut, doubled or stuffed is refused in the middle of a download, which goes on', () =>
  wholeLife(async (message) => {
    const [, octets] = derIn(message);
    const place = fc.nat(octets.length - 1);
    const noise = fc.uint8Array({ minLength: 1, maxLength: 40 });
    const worse = fc.oneof(
      place.map((at) => octets.subarray(0, at)),
      fc
        .tuple(place, noise)
        .map(([at, more]) => Buffer.concat([octets.subarray(0, at), more, octets.subarray(at)])),
      fc
        .tuple(place, place)
        .map(([a, b]) =>
          Buffer.concat([octets.subarray(0, Math.min(a, b)), octets.subarray(Math.max(a, b) + 1)]),
        ),
      noise.map((more) => Buffer.concat([octets, more])),
      fc.tuple(place, noise).map(([at, more]) => Buffer.concat([octets.subarray(0, at), more])),
      noise.map((only) => Buffer.from(only)),
    );
    const bodies = fc
      .sample(worse, { numRuns: 120, seed: octets.length })
      .filter((one) => !octets.equals(one));
    mustRefuse(
      message,
      await answers(
        message,
        bodies.map((one) => withDer(message, one)),
      ),
    );
  }));

test('members that are missing, of another type or no base64 are refused as the binding says', () =>
  wholeLife(async (message) => {
    for (const name of Object.keys(message.body)) {
      const others = (value: unknown) => JSON.stringify({ ...message.body, [name]: value });
      assert.deepEqual(await answers(message, [undefined, null].map(others)), new Set(['1.6/2.2']));
      const types = [1, true, {}, [], ['x'], [message.body[name]]].map(others);
      assert.deepEqual(await answers(message, types), new Set(['1.6/2.1']));
      if (name === 'smdpAddress') continue; // any text is a name that we may not have
      const text = message.body[name] ?? '';
      const texts = ['', ' ', '!', `${text}=`, `-_${text}`, text.slice(1), `${text}Zz`];
      const verdicts = await answers(message, texts.map(others));
      assert.ok(
        [...verdicts].every((one) => one.startsWith('1.6/') || one === '8.10.1/3.9'),
        `${[...verdicts]}`,
      );
    }
    const bodies = [
      '',
      '{',
      'null',
      '[]',
      '1',
      `"${'x'.repeat(100)}"`,
      '['.repeat(20_000),
      '{"a":'.repeat(9_000),
    ];
    assert.deepEqual(await answers(message, bodies), new Set(['1.6/2.1']));
    assert.deepEqual(await answers(message, ['{}', '{"__proto__":{}}']), new Set(['1.6/2.2']));
  }));

test('a body that is too large is 413, and another method 405, and the download goes on', () =>
  wholeLife(async ({ path, body }) => {
    const large = JSON.stringify({ ...body, more: 'x'.repeat(70_000) });
    assert.equal((await es9.call(path, large)).status, 413);
    assert.equal((await es9.call(path, large, { headers: { 'transfer-encoding': 'chunked' } })).status, 413);
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'HEAD'])
      assert.equal((await es9.call(path, JSON.stringify(body), { method })).status, 405, method);
    assert.equal((await es9.call(`${path}x`, JSON.stringify(body))).status, 404);
  }));

test('a message under an unknown transaction is 8.10.1/3.9, also where it is signed for another', () =>
  wholeLife(async (message) => {
    if (!('transactionId' in message.body)) return;
    for (const transactionId of ['00', 'F'.repeat(32), '0'.repeat(32)]) {
      const body = JSON.stringify({ ...message.body, transactionId });
      assert.equal(await answer(message, body), '8.10.1/3.9');
    }
    for (const transactionId of ['0', 'x', '0'.repeat(34), `${message.body.transactionId}00`])
      assert.equal(await answer(message, JSON.stringify({ ...message.body, transactionId })), '1.6/2.1');
  }));

/** Downloads with a phone that keeps a record of what it sent. */
async function recorded(wish: PhoneWish = {}) {
  const sent: Message[] = [];
  const { iccid, activationCode } = await released(world);
  const keep = seenBy(async (message) => void sent.push(message));
  const phone = await newPhone(world, { ...wish, through: keep });
  await downloadBy(phone, activationCode);
  const messageOf = (name: Es9Name) => sent.findLast((one) => one.name === name) ?? assert.fail(name);
  return { iccid, activationCode, sent, phone, messageOf };
}

test('messages that are sent again change nothing, before and after the installation', async () => {
  const { iccid, sent, messageOf, ...mine } = await recorded();
  await using phone = mine.phone;
  await unchanged(iccid, async () => {
    assert.equal(await again(messageOf('authenticateClient')), '8.10.1/3.9');
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
  assert.equal(await stateOf(world, iccid), 'INSTALLED');
  await unchanged(iccid, async () => {
    for (const name of ['authenticateClient', 'getBoundProfilePackage'] as const)
      assert.equal(await again(messageOf(name)), '8.10.1/3.9');
    for (const message of sent.filter(({ name }) => name === 'handleNotification'))
      assert.equal(await again(message), 'ok');
  });
});

test('old news is acknowledged and changes nothing', async () => {
  const { iccid, sent, ...mine } = await recorded();
  await using phone = mine.phone;
  for (const change of [enableProfile, disableProfile, enableProfile, disableProfile, deleteProfile]) {
    await change(phone.env.es10, parseIccid(iccid));
    await sendNotifications(phone.env);
  }
  assert.equal(await stateOf(world, iccid), 'DELETED');
  const notifications = sent.filter(({ name }) => name === 'handleNotification');
  assert.ok(notifications.length >= 6);
  await unchanged(iccid, async () => {
    for (const message of [...notifications, ...notifications.toReversed()])
      assert.equal(await again(message), 'ok');
  });
});

test('notifications of one profile under another one’s keys are acknowledged and change nothing', async () => {
  const one = await recorded();
  await using first = one.phone;
  const other = await recorded();
  await using second = other.phone;
  await sendNotifications(first.env);
  await unchanged(other.iccid, async () => {
    for (const message of one.sent.filter(({ name }) => name === 'handleNotification'))
      assert.equal(await again(message), 'ok');
  });
  await sendNotifications(second.env);
  assert.equal(await stateOf(world, other.iccid), 'INSTALLED');
});

test('calls out of their order are 8.10.1/3.9, and the download goes on', async () => {
  const past = await recorded();
  await using _ = past.phone;
  const { iccid, activationCode } = await released(world);
  const strange = past.sent.filter(({ name }) => signed(name));
  const attack = async ({ name, body }: Message) => {
    const { transactionId } = body;
    if (transactionId === undefined) return;
    for (const message of strange) {
      // The same function with somebody else's signature, or one that is not due: never accepted.
      const early: Message = { ...message, body: { ...message.body, transactionId } };
      assert.equal(await again(early), '8.10.1/3.9', `${message.name} before ${name}`);
    }
  };
  const spy = seenBy((message) => unchanged(iccid, () => attack(message)));
  await using phone = await newPhone(world, { through: spy });
  await downloadBy(phone, activationCode);
  assert.equal(await stateOf(world, iccid), 'DOWNLOADED');
});

/** What a phone sent in a download that failed, and the profile that it was about. */
async function failedDownload(
  consent: () => Promise<boolean>,
  { order = {}, codes = [], ...where }: { order?: object; codes?: string[]; in?: World } = {},
) {
  const at = where.in ?? world;
  const { iccid, activationCode } = await released(at, undefined, order);
  const sent: Message[] = [];
  await using phone = await newPhone(at, { through: seenBy(async (message) => void sent.push(message)) });
  const left = [...codes];
  const wish = {
    source: parseActivationCode(activationCode),
    consent,
    confirmationCode: async () => left.shift(),
  };
  await assert.rejects(download(wish, phone.env));
  return { iccid, sent: sent.filter(({ name }) => signed(name)) };
}

test('a session that the user has declined takes nothing more', async () => {
  const { iccid, sent } = await failedDownload(async () => false);
  assert.equal(await stateOf(world, iccid), 'ERROR');
  assert.equal(sent.at(-1)?.name, 'cancelSession');
  await unchanged(iccid, async () => {
    for (const message of sent) assert.equal(await again(message), '8.10.1/3.9', message.name);
  });
});

test('a session that ended after a wrong confirmation code takes no other attempt', async () => {
  const wishes = { order: { confirmation_code: 'right-1' }, codes: ['wrong'] };
  const { iccid, sent } = await failedDownload(async () => true, wishes);
  const { data } = await world.api.getEUICCProfile(iccid);
  assert.deepEqual([data.state, data.cc_retries], ['RELEASED', 4]);
  await unchanged(iccid, async () => {
    for (const message of sent) assert.equal(await again(message), '8.10.1/3.9', message.name);
  });
});

test('a session that expired takes nothing more, and its order stays', async () => {
  await using hasty = await startWorld({ ESIM_SESSION_SECONDS: '1' });
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
  await using other = await startWorld();
  using caller = rawEs9(other);
  const { iccid } = await released(other);
  for (const { name, path, body } of past.sent) {
    const told = verdict(name, await caller.call(path, JSON.stringify(body)));
    assert.ok(
      told === '8.10.1/3.9' || name === 'initiateAuthentication' || name === 'handleNotification',
      told,
    );
  }
  assert.equal(await stateOf(other, iccid), 'RELEASED');
});
