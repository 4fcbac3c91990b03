import { fromHex } from '@esim-rsp/codec';
import { generateSigningKey, importVerifyingKey, type LocalSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { createChainVerifier } from '@esim-rsp/sgp22/pki/euicc-chain';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { storeMetadataFor } from '@esim-rsp/sgp22/profile/metadata';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Env } from '../env.ts';
import { bindingOf } from '../state/order.ts';
import type { Downloaded, Released } from '../state/profile.ts';
import type { Authenticated, Bound, Refused } from '../state/session.ts';
import { createTransactions } from './transactions.ts';

/** A download in the middle, as values: who takes part, the order and the sessions it goes through. */
const NOW = Date.UTC(2030, 0, 15, 12);
export const eid = completeEid('890490320010012345001234567890');
const pki = makeTestPki({
  now: NOW,
  random: systemRandom,
  generateKey: generateSigningKey,
  curve: 'P-256',
  hosts: ['localhost'],
  eids: [eid],
});
const [euicc] = pki.euiccs as [(typeof pki.euiccs)[number]];

export const iccid = parseIccid('8900101000000000019');
export const smdpOid = '2.999.10';
export const euiccCertificate = euicc.certificate;
export const eumCertificate = pki.eum.certificate;
export const euiccKey: LocalSigningKey = euicc.key;
export const dpAuthKey: LocalSigningKey = pki.dpAuth.key;
export const dpPbKey: LocalSigningKey = pki.dpPb.key;
export const ciPKId = pki.ci.certificate.subjectKeyIdentifier ?? fromHex('');

const limits = {
  sessionSeconds: 300,
  resultSeconds: 86_400,
  downloadAttempts: 10,
  confirmationCodeAttempts: 3,
};
const secret = new Uint8Array(32).fill(6);

export const env: Env = {
  now: NOW,
  random: systemRandom,
  transactions: createTransactions({
    secretAt: () => secret,
    random: systemRandom,
    smdpAddress: 'localhost',
    smdpCiPKIds: [ciPKId],
    trustedCiPKIds: [ciPKId],
    sessionSeconds: limits.sessionSeconds,
  }),
  smdpAddress: 'localhost',
  certificates: [{ ciPKId, dpAuth: pki.dpAuth, dpPb: pki.dpPb, oid: smdpOid }],
  trustedCiPKIds: [ciPKId],
  verifyEuicc: createChainVerifier([trustCi(pki.ci.certificate)]),
  verifyingKey: importVerifyingKey,
  limits,
};

export const released: Released = {
  iccid,
  account: 'operator',
  imsi: '001010000000001',
  metadata: storeMetadataFor({
    iccid,
    serviceProviderName: 'Example Mobile',
    profileName: 'Example',
    profileClass: 'operational',
    notificationAddress: 'localhost',
  }).bytes,
  protection: 'session_keys',
  changedAt: 0,
  version: 4,
  state: 'RELEASED',
  order: {
    matchingId: parseMatchingId('ABC'),
    downloadAttemptsLeft: 9,
    releasedAt: 0,
    reusePolicy: { type: 'NEVER', maxCount: 0, cooldownSeconds: 0 },
    reusesLeft: 0,
  },
};

export const downloaded: Downloaded = {
  ...released,
  state: 'DOWNLOADED',
  binding: bindingOf({
    eid,
    euiccOtpk: new Uint8Array(65),
    otSkDp: new Uint8Array(32).fill(7),
    hostId: new Uint8Array(16),
  }),
};

/** What InitiateAuthentication has opened a second ago, and AuthenticateClient continues. */
export const opened = env.transactions.open({ smdpCiPKId: ciPKId, euiccCiPKIdToBeUsed: ciPKId }, NOW - 1000);
export const { transactionId } = opened;

/** What is saved when no Profile was found. */
export const refusedSession: Refused = {
  stage: 'refused',
  transactionId,
  version: 0,
  expiresAt: opened.expiresAt,
  smdpCiPKId: ciPKId,
  eid,
  journal: [{ function: 'initiateAuthentication', at: opened.openedAt, check: 'certificateAvailable' }],
};

export const authenticated: Authenticated = {
  stage: 'authenticated',
  transactionId,
  version: 2,
  expiresAt: NOW + 1000,
  smdpCiPKId: ciPKId,
  eid,
  iccid,
  euiccPublicKey: euiccKey.verifyingKey.spki,
  smdpSignature2: fromHex('5f3700'),
};

export const bound: Bound = { ...authenticated, stage: 'bound' };
