import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CertifiedKey } from '@esim-rsp/sgp22/pki/certificate';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { EID, newCard, pkiOn } from '../pki.harness.ts';
import { createCard } from './create.ts';

test('a card as it leaves the factory has identities and nothing else', () => {
  const card = newCard('P-256', 'brainpoolP256r1');
  assert.equal(card.eid, EID);
  assert.deepEqual(
    card.credentials.map(({ ciPKId }) => ciPKId),
    (['P-256', 'brainpoolP256r1'] as const).map((curve) => pkiOn(curve).ci.certificate.subjectKeyIdentifier),
  );
  assert.deepEqual(
    [card.profiles, card.notifications, card.oneTimeKeys, card.defaultDpAddress],
    [[], [], [], ''],
  );
  assert.equal(card.session, undefined);
});

test('an identity under a CI that is not trusted is refused', () => {
  const { euiccs, eum } = pkiOn('P-256');
  const identities = [{ euicc: euiccs[0] as CertifiedKey, eumCertificate: eum.certificate.bytes }];
  const ciCertificates = [pkiOn('brainpoolP256r1').ci.certificate.bytes];
  assert.throws(() => createCard({ eid: EID, identities, ciCertificates }), ValueError);
});
