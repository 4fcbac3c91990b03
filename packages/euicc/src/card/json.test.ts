import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import fc from 'fast-check';
import { byIccid, enable } from '../commands.harness.ts';
import { dpOn, EID, newCard } from '../pki.harness.ts';
import { authenticated, downloaded, prepared, readerWith } from '../server.harness.ts';
import { type Card, type InstalledProfile, withoutSession } from './card.ts';
import { cardFromJson, cardToJson } from './json.ts';

const bytes = fc.uint8Array({ maxLength: 40 });
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const digits = fc.stringMatching(/^\d{19,20}$/).map(parseIccid);
const profile: fc.Arbitrary<InstalledProfile> = fc.record(
  {
    iccid: digits,
    aid: bytes,
    state: fc.constantFrom('enabled', 'disabled'),
    metadata: bytes,
    nickname: text,
    upp: bytes,
  },
  { requiredKeys: ['iccid', 'aid', 'state', 'metadata', 'upp'] },
);
const ciPKId = bytes;
const anyCard: fc.Arbitrary<Card> = fc.record(
  {
    eid: fc.constant(EID),
    ciCertificates: fc.array(bytes),
    credentials: fc.array(
      fc.record({ ciPKId, euiccCertificate: bytes, eumCertificate: bytes, privateKey: text }),
    ),
    profiles: fc.array(profile),
    notifications: fc.array(fc.record({ seqNumber: fc.nat(), address: text, event: fc.nat(3), bytes })),
    enabledBeforeTest: digits,
    nextSeqNumber: fc.nat(),
    oneTimeKeys: fc.array(
      fc.record({
        smdpOid: text,
        curve: fc.constantFrom('P-256', 'brainpoolP256r1'),
        otPk: bytes,
        otSk: bytes,
      }),
    ),
    defaultDpAddress: text,
    memory: fc.nat(),
  },
  {
    requiredKeys: [
      'eid',
      'ciCertificates',
      'credentials',
      'profiles',
      'notifications',
      'nextSeqNumber',
      'oneTimeKeys',
      'defaultDpAddress',
      'memory',
    ],
    noNullPrototype: true,
  },
);

test('a card that was written and read is the same card', () => {
  fc.assert(
    fc.property(anyCard, (card) => assert.deepEqual(cardFromJson(cardToJson(card)), structuredClone(card))),
    { numRuns: 300 },
  );
});

test('a card that has been used is the same after it was without power, but for the session', async () => {
  const reader = readerWith(newCard('P-256', 'brainpoolP256r1'));
  const { profile } = await downloaded(reader, dpOn());
  enable(reader, byIccid(profile.iccid));
  const { euiccOtpk } = prepared(reader, dpOn());
  const card = reader.card();
  assert.equal(card.session?.stage, 'prepared');
  const again = cardFromJson(cardToJson(card));
  assert.deepEqual(again, structuredClone(withoutSession(card)));
  const later = readerWith(again);
  assert.deepEqual(prepared(later, dpOn(), euiccOtpk).euiccOtpk, euiccOtpk, 'the one-time key is kept');
  await downloaded(later, dpOn('brainpoolP256r1'));
  assert.equal(later.card().profiles.length, 2);
});

test('a session is not kept, at any stage', () => {
  const reader = readerWith(newCard());
  authenticated(reader, dpOn());
  assert.ok(!cardToJson(reader.card()).includes('transactionId'));
  assert.ok(!('session' in cardFromJson(cardToJson(reader.card()))));
});

test('what is no card is refused with words, whatever it is', () => {
  const refuse = (text: string) => assert.throws(() => cardFromJson(text), ValueError);
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), refuse));
  const written = cardToJson(newCard());
  for (const name of Object.keys(JSON.parse(written))) {
    const { [name]: _, ...others } = JSON.parse(written);
    refuse(JSON.stringify(others));
  }
  refuse(written.replace('"$hex": "', '"$hex": "zz'));
});
