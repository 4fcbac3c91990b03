import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Fault } from '@esim-rsp/euicc/fault';
import { faults as known } from '@esim-rsp/euicc/fault';
import type { Es9Name } from '@esim-rsp/sgp22/functions/es9plus';
import { installationResult, notify } from '../../conformance/sgp23/driver/notification.ts';
import { mustRefuse, runToAuthentication, runToPackage } from '../../conformance/sgp23/driver/sequence.ts';
import type { Binding, Sending } from '../../conformance/sgp23/driver/server.ts';
import { cancel } from '../../conformance/sgp23/driver/session.ts';
import { startToleranceBench, type ToleranceBench } from './device.ts';
import { mustBeMinimal, readTlv, type Tlv, tlvsIn } from './minimal-der.ts';

// What the SM-DP+ sends is read here by a reader that shares nothing with it.

let bench: ToleranceBench;
before(async () => {
  bench = await startToleranceBench();
});
after(() => bench[Symbol.asyncDispose]());

type Answer = { readonly name: Es9Name; readonly body: Buffer };

/** Every answer to a download, a cancelled one, and a refusal of each function that refuses here. */
async function answersBy(binding: Binding): Promise<{ accepted: Answer[]; refused: Answer[] }> {
  const answers = { accepted: [] as Answer[], refused: [] as Answer[] };
  const by = (kind: keyof typeof answers): Sending => ({
    seen: (name, body) => void answers[kind].push({ name, body }),
  });
  const device = (fault: Fault = {}) => bench.device({ fault, binding, sending: by('accepted') });

  const { lpa, order } = await device();
  const second = await runToAuthentication(lpa, order);
  await cancel(lpa, second, 1);
  await notify(lpa, installationResult(lpa, await runToPackage(lpa, order)));

  const faults: readonly (readonly [Es9Name, Fault])[] = [
    ['initiateAuthentication', known['other-address'].fault],
    ['authenticateClient', known['other-transaction-authenticating'].fault],
    ['getBoundProfilePackage', known['wrong-euicc-signature2'].fault],
    ['cancelSession', known['wrong-cancel-signature'].fault],
  ];
  for (const [step, fault] of faults) {
    const last: Answer[] = [];
    const sending: Sending = { seen: (name, body) => void last.push({ name, body }) };
    const faulty = await bench.device({ fault, binding, sending });
    const flow =
      step === 'cancelSession'
        ? runToPackage(faulty.lpa, faulty.order).then((session) => cancel(faulty.lpa, session, 1))
        : runToPackage(faulty.lpa, faulty.order);
    await mustRefuse(step, undefined, flow);
    const answer = last.at(-1) ?? assert.fail();
    assert.equal(answer.name, step);
    answers.refused.push(answer);
  }
  return answers;
}

/** The members of 6.5.2 in JSON: whether each is hex text, or which TLV its base64 holds. */
const documented: Readonly<Record<Es9Name, Readonly<Record<string, 'hex' | number>>>> = {
  initiateAuthentication: {
    transactionId: 'hex',
    serverSigned1: 0x30,
    serverSignature1: 0x5f37,
    euiccCiPKIdToBeUsed: 0x04,
    serverCertificate: 0x30,
  },
  authenticateClient: {
    transactionId: 'hex',
    profileMetadata: 0xbf25,
    smdpSigned2: 0x30,
    smdpSignature2: 0x5f37,
    smdpCertificate: 0x30,
  },
  getBoundProfilePackage: { transactionId: 'hex', boundProfilePackage: 0xbf36 },
  cancelSession: {},
  handleNotification: {},
};
const functions = Object.keys(documented) as Es9Name[];

test('answers in JSON hold the documented members and no others, in minimal DER', async () => {
  const { accepted } = await answersBy('json');
  const answered = accepted.filter(({ name }) => name !== 'handleNotification'); // 204
  assert.deepEqual(new Set(answered.map(({ name }) => name)), new Set(functions.slice(0, 4)));
  for (const { name, body } of answered) {
    const { header, ...members } = JSON.parse(body.toString());
    assert.deepEqual(header, { functionExecutionStatus: { status: 'Executed-Success' } });
    assert.deepEqual(Object.keys(members), Object.keys(documented[name]), name);
    for (const [member, kind] of Object.entries(documented[name])) mustHold(members[member], kind);
  }
});

function mustHold(text: string, kind: 'hex' | number): void {
  if (kind === 'hex') {
    assert.match(text, /^(?:[0-9A-F]{2}){1,16}$/);
    return;
  }
  const octets = Buffer.from(text, 'base64');
  assert.equal(octets.toString('base64'), text, 'base64 with padding and without line breaks');
  const tlv = readTlv(octets);
  assert.equal(tlv.tag, kind);
  mustBeMinimal(tlv);
  mustHoldDocumented(tlv);
}

/** Tags of the members that 5.5 and 5.7 document, in their order; a certificate is known by its three. */
const membersOf: Readonly<Record<string, readonly RegExp[]>> = {
  // ServerSigned1 and SmdpSigned2
  '30': [/^80 81 83 84$/, /^80 01( 5f49)?$/],
  // StoreMetadataRequest
  bf25: [/^5a 91 92( 93)?( 94)?( 95)?( b6)?( b7)?( 99)?$/],
  // BoundProfilePackage and InitialiseSecureChannelRequest
  bf36: [/^bf23 a0 a1( a2)? a3$/],
  bf23: [/^82 80 a6 5f49 5f37$/],
};

function mustHoldDocumented({ tag, content }: Tlv): void {
  const expected = membersOf[tag.toString(16)];
  if (expected === undefined) return;
  const children = tlvsIn(content);
  const tags = children.map((child) => child.tag.toString(16).padStart(2, '0')).join(' ');
  const isCertificate = tags === '30 30 03';
  assert.ok(isCertificate || expected.some((form) => form.test(tags)), `${tag.toString(16)}: ${tags}`);
  if (tag === 0xbf36) for (const child of children) mustHoldDocumented(child);
}

/** The answer to a notification that cannot be read. */
async function refusedNotification(): Promise<Answer> {
  const seen: Answer[] = [];
  const { lpa, order } = await bench.device({
    sending: {
      members: (members) => ('pendingNotification' in members ? { pendingNotification: 'AA==' } : members),
      seen: (name, body) => void seen.push({ name, body }),
    },
  });
  const bound = await runToPackage(lpa, order);
  await assert.rejects(notify(lpa, installationResult(lpa, bound)));
  return seen.at(-1) ?? assert.fail();
}

test('refusals in JSON hold a header with subject, reason and message, and nothing else', async () => {
  const refused = [...(await answersBy('json')).refused, await refusedNotification()];
  assert.deepEqual(
    refused.map(({ name }) => name),
    functions,
  );
  for (const { name, body } of refused) {
    const { header, ...members } = JSON.parse(body.toString());
    assert.deepEqual(members, {}, name);
    const { functionExecutionStatus, ...beside } = header;
    const { status, statusCodeData, ...others } = functionExecutionStatus;
    assert.deepEqual([status, beside, others], ['Failed', {}, {}]);
    assert.deepEqual(Object.keys(statusCodeData), ['subjectCode', 'reasonCode', 'message']);
    assert.match(statusCodeData.subjectCode, /^\d+(\.\d+)*$/);
    assert.match(statusCodeData.reasonCode, /^\d+(\.\d+)*$/);
  }
});

/** Tag of each answer inside A2, and the tags inside its A0 (6.6.2). */
const inAsn1: Readonly<Record<Es9Name, readonly [tag: number, members: string]>> = {
  initiateAuthentication: [0xbf39, '80 30 5f37 04 30'],
  authenticateClient: [0xbf3b, '80 bf25 30 5f37 30'],
  getBoundProfilePackage: [0xbf3a, '80 bf36'],
  cancelSession: [0xbf41, ''],
  handleNotification: [0xbf3d, ''],
};

/** What is inside A2 and the tag of the function. */
function answerIn({ name, body }: Answer): Tlv {
  const outer = readTlv(body);
  assert.equal(outer.tag, 0xa2);
  mustBeMinimal(outer);
  const answer = readTlv(outer.content);
  assert.equal(answer.tag, inAsn1[name][0]);
  return readTlv(answer.content);
}

test('answers in ASN.1 hold the documented members and no others, in minimal DER', async () => {
  const { accepted } = await answersBy('asn1');
  for (const answer of accepted.filter(({ body }) => body.length > 0)) {
    const { tag, content } = answerIn(answer);
    assert.equal(tag, 0xa0);
    const members = tlvsIn(content);
    assert.equal(
      members.map((one) => one.tag.toString(16).padStart(2, '0')).join(' '),
      inAsn1[answer.name][1],
    );
    for (const member of members) mustHoldDocumented(member);
  }
});

test('refusals in ASN.1 are one number and nothing else', async () => {
  const { refused } = await answersBy('asn1');
  for (const answer of refused) {
    const { tag, content } = answerIn(answer);
    assert.deepEqual([tag, content.length], [0x81, 1], answer.name);
  }
});
