import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decode, decodeWithBytes, encodeWithBytes, equal, fromHex, readOne, toHex } from '@esim-rsp/codec';
import { AuthenticateServerResponse } from '@esim-rsp/sgp22/asn1/authentication';
import { BoundProfilePackage } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { PrepareDownloadResponse } from '@esim-rsp/sgp22/asn1/download';
import { EUICCInfo1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { PendingNotification } from '@esim-rsp/sgp22/asn1/notification';
import { Certificate } from '@esim-rsp/sgp22/asn1/pkix';
import { importSigningKey, importVerifyingKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import { createChainVerifier } from '@esim-rsp/sgp22/pki/euicc-chain';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { transactionIdFromBytes } from '@esim-rsp/sgp22/value/transaction-id';
import type { Env, OpenTransaction } from '@esim-rsp/smdp/env';
import { run } from '@esim-rsp/smdp/run';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import { openMemoryStore } from '#server/store/sqlite/memory.harness';
import { authenticateClient } from '#smdp/es9/authenticateClient';
import { getBoundProfilePackage } from '#smdp/es9/getBoundProfilePackage';
import { handleNotification } from '#smdp/es9/handleNotification';
import { initiateAuthentication } from '#smdp/es9/initiateAuthentication';

const data = new URL('../../../shared/data/', import.meta.url);
const skip = existsSync(data) ? false : 'the published test material is not at ../shared/data';

const recorded = (name: string) => Uint8Array.from(readFileSync(new URL(`session/${name}`, data)));
const sgp26 = (name: string) => Uint8Array.from(readFileSync(new URL(`sgp26/${name}`, data)));
const credential = (role: string) => ({
  certificate: decodeWithBytes(Certificate, sgp26(`${role}/CERT_S_SM_${role}_ECDSA_NIST.der`)),
  key: importSigningKey(new TextDecoder().decode(sgp26(`${role}/SK_S_SM_${role}_ECDSA_NIST.pem`))),
});

/** The SM-DP+ of the recording: SGP.26 certificates, its transaction, and its random octets one after another. */
function recordedEnv(): Env {
  const draws = [
    recorded('otsk-dp.bin'),
    new TextEncoder().encode('euicc-rsp'), // hostId
  ];
  const ci = trustCi(sgp26('CertificateIssuer/CERT_CI_ECDSA_NIST.der'));
  const now = Date.UTC(2026, 10, 24);
  const opened: OpenTransaction = {
    transactionId: transactionIdFromBytes(recorded('transaction-id.bin')),
    serverChallenge: recorded('server-challenge.bin'),
    openedAt: now,
    expiresAt: now + 600_000,
    smdpCiPKId: ci.keyId,
    euiccCiPKIdToBeUsed: ci.keyId,
  };
  const draw: Random = () => draws.shift() ?? assert.fail('more randomness was drawn than the recording has');
  return {
    now,
    random: draw,
    transactions: { open: () => opened, find: (id) => (id === opened.transactionId ? opened : undefined) },
    smdpAddress: 'smdp.example.com',
    certificates: [
      { ciPKId: ci.keyId, dpAuth: credential('DPauth'), dpPb: credential('DPpb'), oid: '2.999.10' },
    ],
    trustedCiPKIds: [ci.keyId],
    verifyEuicc: createChainVerifier([ci]),
    verifyingKey: importVerifyingKey,
    limits: { sessionSeconds: 600, resultSeconds: 86_400, downloadAttempts: 10, confirmationCodeAttempts: 3 },
  };
}

/** The recorded Profile: its content is 24 octets of text, and its order is found by the EID. */
const profile: Profile = {
  iccid: parseIccid('89000123456789012341'),
  account: 'recording',
  imsi: '',
  metadata: skip ? new Uint8Array() : recorded('store-metadata.der'),
  protection: 'session_keys',
  changedAt: 0,
  version: 0,
  state: 'RELEASED',
  order: {
    eid: '89049032123451234512345678901235' as never,
    matchingId: '' as MatchingId,
    downloadAttemptsLeft: 10,
    releasedAt: 0,
    reusePolicy: { type: 'NEVER', maxCount: 0, cooldownSeconds: 0 },
    reusesLeft: 0,
  },
};

test('a session recorded by another implementation replays to the same bytes', { skip }, async () => {
  const store = await openMemoryStore();
  const env = recordedEnv();
  assert.equal(await store.save([{ profile, content: { package: recorded('upp.der') } }]), 'saved');
  const { keyId } = trustCi(sgp26('CertificateIssuer/CERT_CI_ECDSA_NIST.der'));

  // The recorded euiccInfo1 lists no CI at all, which 5.6.1 refuses; it is not signed, so ours lists the one in use.
  const info = {
    svn: fromHex('020000'),
    euiccCiPKIdListForVerification: [keyId],
    euiccCiPKIdListForSigning: [keyId],
  };
  const initiated = await run(
    initiateAuthentication,
    {
      euiccChallenge: recorded('euicc-challenge.bin'),
      euiccInfo1: encodeWithBytes(EUICCInfo1, info),
      smdpAddress: 'SMDP.example.com',
    },
    store,
    env,
  );
  const [transactionId, serverSigned1, serverSignature1, ciPKId, certificate] = readOne(
    recorded('initiate-response.der'),
  ).children();
  assert.equal(initiated.transactionId, toHex(transactionId?.content as Uint8Array).toUpperCase());
  assert.deepEqual(initiated.serverSigned1.bytes, serverSigned1?.bytes);
  assert.deepEqual(initiated.euiccCiPKIdToBeUsed.bytes, ciPKId?.bytes);
  assert.deepEqual(initiated.serverCertificate.bytes, certificate?.bytes);
  const dpAuth = readCertificate(initiated.serverCertificate).publicKey();
  assert(dpAuth.verify(initiated.serverSignature1.value, initiated.serverSigned1.bytes));
  assert(
    dpAuth.verify(serverSignature1?.content as Uint8Array, initiated.serverSigned1.bytes),
    "the recording's own",
  );

  const authenticated = await run(
    authenticateClient,
    {
      transactionId: initiated.transactionId,
      authenticateServerResponse: decodeWithBytes(
        AuthenticateServerResponse,
        recorded('auth-server-response.der'),
      ),
    },
    store,
    env,
  );
  const answer = readOne(recorded('authenticate-response.der')).children()[0]?.children() ?? [];
  assert.deepEqual(authenticated.profileMetadata.bytes, answer[1]?.bytes);
  assert.deepEqual(authenticated.smdpSigned2.bytes, answer[2]?.bytes);
  assert.deepEqual(authenticated.smdpCertificate.bytes, answer[4]?.bytes);

  // euiccSignature2 covers the recorded smdpSignature2, and ECDSA draws anew: the session takes the recorded one.
  const session = await store.session(initiated.transactionId);
  assert(session?.stage === 'authenticated');
  const smdpSignature2 = answer[3]?.bytes as Uint8Array;
  const dpPb = readCertificate(authenticated.smdpCertificate).publicKey();
  const response = decode(AuthenticateServerResponse, recorded('auth-server-response.der'));
  assert('authenticateResponseOk' in response);
  const { euiccSignature1 } = response.authenticateResponseOk;
  for (const signature of [smdpSignature2, authenticated.smdpSignature2.bytes])
    assert(dpPb.verify(readOne(signature).content, authenticated.smdpSigned2.bytes, euiccSignature1.bytes));
  assert.equal(await store.save([{ session: { ...session, smdpSignature2 } }]), 'saved');

  const bound = await run(
    getBoundProfilePackage,
    {
      transactionId: initiated.transactionId,
      prepareDownloadResponse: decodeWithBytes(
        PrepareDownloadResponse,
        recorded('prepare-download-response.der'),
      ),
    },
    store,
    env,
  );
  const ours = bound.boundProfilePackage.bytes;
  const theirs = recorded('bound-profile-package.der');
  const signature = decode(BoundProfilePackage, ours).initialiseSecureChannelRequest.value.smdpSign;
  const at = Buffer.from(ours).indexOf(signature);
  assert(equal(ours.subarray(0, at), theirs.subarray(0, at)));
  assert(equal(ours.subarray(at + 64), theirs.subarray(at + 64)), 'everything but the signature is the same');

  const notification = decodeWithBytes(PendingNotification, recorded('pending-notification.der'));
  assert('profileInstallationResult' in notification.value);
  const { profileInstallationResultData, euiccSignPIR } = notification.value.profileInstallationResult;
  const euicc = readCertificate(response.authenticateResponseOk.euiccCertificate).publicKey();
  assert(euicc.verify(euiccSignPIR, profileInstallationResultData.bytes));
  await run(handleNotification, { pendingNotification: notification }, store, env);
  assert.equal(
    profileInstallationResultData.value.smdpOid,
    '2.999',
    'the recording names an OID that no certificate has',
  );
  assert.equal((await store.profile(profile.iccid))?.state, 'DOWNLOADED', 'so it reports to another SM-DP+');
});
