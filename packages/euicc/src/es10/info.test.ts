import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, fromHex, toHex } from '@esim-rsp/codec';
import { EUICCInfo1, EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { dpOn, EID, newCard, pkiOn } from '../pki.harness.ts';
import { authenticated, challenge, dataOf, readerWith } from '../server.harness.ts';

/** What the card answers to a command, both in hexadecimal. */
function said(request: string, reader = readerWith(newCard())): string {
  return toHex(dataOf(reader.transmit(fromHex(request))));
}

test('GetEID answers with the EID, not swapped', () => {
  assert.equal(said('bf3e035c015a'), `bf3e125a10${EID}`);
});

test('GetEuiccData of another tag is 6A88', () => {
  assert.equal(readerWith(newCard()).transmit(fromHex('bf3e035c0144')).sw, 0x6a88);
});

test('GetRAT allows PPR1 and PPR2 to any operator, with consent', () => {
  assert.equal(said('bf4300'), 'bf4315a013301180020560a10730058003eeeeee82020780');
});

test('GetEUICCInfo1 lists the CIs in order of preference, and trusts more than it has identities for', () => {
  const card = newCard('brainpoolP256r1', 'P-256');
  const reader = readerWith({ ...card, credentials: card.credentials.slice(0, 1) });
  const info = decode(EUICCInfo1, dataOf(reader.transmit(fromHex('bf2000'))));
  const [brainpool, nist] = [dpOn('brainpoolP256r1').ciPKId, dpOn('P-256').ciPKId];
  assert.deepEqual(info.euiccCiPKIdListForVerification, [brainpool, nist]);
  assert.deepEqual(info.euiccCiPKIdListForSigning, [brainpool]);
  assert.deepEqual(nist, pkiOn('P-256').ci.certificate.subjectKeyIdentifier);
});

test('GetEUICCInfo2 says the same of the CIs and the version, and what is free', () => {
  const reader = readerWith(newCard());
  const first = decode(EUICCInfo1, dataOf(reader.transmit(fromHex('bf2000'))));
  const second = decode(EUICCInfo2, dataOf(reader.transmit(fromHex('bf2200'))));
  for (const name of Object.keys(first) as (keyof EUICCInfo1)[]) assert.deepEqual(second[name], first[name]);
  assert.equal(toHex(second.extCardResource), '81010082040007d000830400004000');
});

test('a new challenge is another one and ends the session', () => {
  const reader = readerWith(newCard());
  authenticated(reader, dpOn());
  const [first, second] = [challenge(reader), challenge(reader)];
  assert.notDeepEqual(first, second);
  assert.deepEqual(reader.card().session, { stage: 'challenged', euiccChallenge: second });
});

test('the default SM-DP+ address is set, reported and removed; the root SM-DS stays', () => {
  const reader = readerWith(newCard());
  const root = toHex(new TextEncoder().encode('lpa.ds.example.com'));
  const none = `bf3c148112${root}`;
  assert.equal(said('bf3c00', reader), none);
  assert.equal(said('bf3f03800161', reader), 'bf3f03800100');
  assert.equal(said('bf3c00', reader), `bf3c178001618112${root}`);
  assert.equal(said('bf3f028000', reader), 'bf3f03800100');
  assert.equal(said('bf3c00', reader), none);
});
