import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DerError } from '@esim-rsp/codec';
import { deleteProfile, disableProfile, enableProfile, sendNotifications } from '@esim-rsp/euicc';
import { asn1Path, readAsn1Response, writeAsn1Request } from '@esim-rsp/sgp22/functions/asn1-binding';
import { type Message as Binding, readMessage } from '@esim-rsp/sgp22/functions/binding';
import { type Es9Name, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import fc from 'fast-check';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released, stateOf } from '../../harness/profiles.ts';
import {
  answerTo,
  derIn,
  type Message,
  type RawAnswer,
  type RawEs9,
  rawEs9,
  seenBy,
  signed,
  turned,
  unchanged,
  withDer,
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

const answer = ({ name, path }: Message, body: string) => answerTo(es9, name, path, body);

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

/** What has no signature over it may be read as something else; a signed message may not. */
function mustRefuse({ name }: Message, verdicts: Set<string>): void {
  if (signed(name)) assert.ok(!verdicts.has('ok'), `${name} took a message that was changed`);
}

/** A download, then every event that a phone reports, with somebody who sends worse before each message. */
async function wholeLife(attack: (message: Message) => Promise<void>): Promise<void> {
  const order = { confirmation_code: 'right-1' };
  const { iccid, activationCode } = await released(server, undefined, order);
  const attacked = (message: Message) => unchanged(server, iccid, () => attack(message));
  await using phone = await newPhone(server, { through: seenBy(attacked) });
  await downloadBy(phone, activationCode, 'right-1');
  const reported = async (state: string) => {
    await sendNotifications(phone.env);
    assert.equal(await stateOf(server, iccid), state);
  };
  await reported('INSTALLED');
  await enableProfile(phone.env.es10, parseIccid(iccid));
  await reported('ENABLED');
  await disableProfile(phone.env.es10, parseIccid(iccid));
  await reported('DISABLED');
  await deleteProfile(phone.env.es10, parseIccid(iccid));
  await reported('DELETED');
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

/** `ok` or the number of the error, whichever function the server took it for. */
function asn1Verdict(name: Es9Name, { status, bytes }: RawAnswer): string {
  if (status === 204) return 'ok';
  assert.equal(status, 200);
  for (const possible of [name, ...(Object.keys(es9plus) as Es9Name[])])
    try {
      const answered = readAsn1Response(possible, bytes);
      return 'error' in answered ? String(answered.error) : 'ok';
    } catch (error) {
      assert.ok(error instanceof DerError);
    }
  return assert.fail(bytes.toString('hex'));
}

test('so it is in the ASN.1 binding', () =>
  wholeLife(async (message) => {
    const { name, body } = message;
    const members: Binding = es9plus[name].request;
    const octets = Buffer.from(writeAsn1Request(name, readMessage(members, body) as never));
    const verdicts = new Set<string>();
    for (const changed of turned(octets)) verdicts.add(asn1Verdict(name, await es9.call(asn1Path, changed)));
    for (let at = 0; at < octets.length; at += 7)
      verdicts.add(asn1Verdict(name, await es9.call(asn1Path, octets.subarray(0, at))));
    mustRefuse(message, verdicts);
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
