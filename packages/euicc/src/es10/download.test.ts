import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, toHex } from '@esim-rsp/codec';
import { AuthenticateServerResponse } from '@esim-rsp/sgp22/asn1/authentication';
import { PrepareDownloadRequest, PrepareDownloadResponse } from '@esim-rsp/sgp22/asn1/download';
import { bindProfile, protectWithPpk } from '@esim-rsp/sgp22/bpp/bind';
import { splitBoundProfilePackage } from '@esim-rsp/sgp22/bpp/segment';
import { generatePpk } from '@esim-rsp/sgp22/bpp/session-keys';
import type { Curve } from '@esim-rsp/sgp22/crypto/ecdsa';
import { generateOneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import { createChainVerifier } from '@esim-rsp/sgp22/pki/euicc-chain';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { dpOn, EID, makerEnv, newCard, pkiOn, SMDP_OID } from '../pki.harness.ts';
import { nextIccid, testProfile } from '../profile.harness.ts';
import {
  authenticateServerRequest,
  boundSegments,
  challenge,
  ctxParams1,
  dataOf,
  downloaded,
  load,
  prepareDownloadRequest,
  prepared,
  readerWith,
  SMDP_ADDRESS,
} from '../server.harness.ts';

const hashCc = new Uint8Array(32).fill(7);

for (const curve of ['P-256', 'brainpoolP256r1'] satisfies Curve[])
  test(`a profile is downloaded on ${curve}, every signature of the eUICC verifying over what it sent`, async () => {
    const reader = readerWith(newCard(curve));
    const dp = dpOn(curve);
    const transactionId = systemRandom(16);

    const request = authenticateServerRequest(dp, { euiccChallenge: challenge(reader), transactionId });
    const first = decode(AuthenticateServerResponse, dataOf(reader.transmit(request)));
    assert.ok('authenticateResponseOk' in first);
    const { euiccSigned1, euiccSignature1, euiccCertificate, eumCertificate } = first.authenticateResponseOk;
    const verifyEuicc = createChainVerifier([trustCi(pkiOn(curve).ci.certificate)]);
    const euicc = verifyEuicc({ euiccCertificate, eumCertificate, now: makerEnv.now });
    assert.equal(euicc.eid, EID);
    assert.ok(euicc.publicKey.verify(euiccSignature1.value, euiccSigned1.bytes));
    assert.deepEqual(euiccSigned1.value.transactionId, transactionId);
    assert.equal(euiccSigned1.value.serverAddress, SMDP_ADDRESS);
    assert.deepEqual(euiccSigned1.value.ctxParams1.bytes, ctxParams1.bytes);

    const prepare = prepareDownloadRequest(
      dp,
      { transactionId, euiccSignature1 },
      { ccRequiredFlag: true, hashCc },
    );
    const second = decode(PrepareDownloadResponse, dataOf(reader.transmit(prepare)));
    assert.ok('downloadResponseOk' in second);
    const { euiccSigned2, euiccSignature2 } = second.downloadResponseOk;
    const { smdpSignature2 } = decode(PrepareDownloadRequest, prepare);
    assert.ok(euicc.publicKey.verify(euiccSignature2.value, euiccSigned2.bytes, smdpSignature2.bytes));
    assert.deepEqual(euiccSigned2.value.hashCc, hashCc);

    const profile = testProfile();
    const binding = {
      transactionId,
      euiccOtpk: euiccSigned2.value.euiccOtpk,
      oneTimeKey: generateOneTimeKey(curve, systemRandom),
      hostId: systemRandom(16),
    };
    const result = load(reader, await boundSegments(reader.card(), dp, binding, profile));
    assert.ok(result);
    const { profileInstallationResultData: data, euiccSignPIR } = result;
    assert.ok(euicc.publicKey.verify(euiccSignPIR, data.bytes));
    const { notificationMetadata, finalResult, smdpOid } = data.value;
    assert.deepEqual(data.value.transactionId, transactionId);
    assert.equal(smdpOid, SMDP_OID);
    assert.equal(notificationMetadata.notificationAddress, SMDP_ADDRESS);
    assert.deepEqual(notificationMetadata.iccid, iccidToSwappedBcd(profile.iccid));
    assert.ok('successResult' in finalResult);
    assert.equal(toHex(finalResult.successResult.simaResponse), '3007a0053003800100');

    const [installed, ...others] = reader.card().profiles;
    assert.equal(others.length, 0);
    assert.deepEqual(installed?.upp, profile.upp);
    assert.deepEqual(installed?.metadata, profile.metadata.bytes);
    assert.deepEqual(installed?.aid, finalResult.successResult.aid);
    assert.equal(installed?.state, 'disabled');
    assert.equal(reader.card().session, undefined);
    assert.deepEqual(reader.card().oneTimeKeys, [], 'the one-time key is used up');
  });

test('a profile that was protected beforehand is installed with its own keys', async () => {
  const reader = readerWith(newCard());
  const dp = dpOn();
  const { iccid, metadata, upp } = testProfile();
  const ppk = generatePpk(systemRandom);
  const bound = await bindProfile({
    ...prepared(reader, dp),
    eid: EID,
    dpPb: dp.dpPb.key,
    metadata: metadata.bytes,
    profile: { ppk, sequenceOf86: protectWithPpk(upp, ppk) },
  });
  const result = load(reader, splitBoundProfilePackage(bound));
  assert.ok(result && 'successResult' in result.profileInstallationResultData.value.finalResult);
  assert.deepEqual(
    reader.card().profiles.map((profile) => [profile.iccid, profile.upp]),
    [[iccid, upp]],
  );
});

test('a card with two identities answers with that of the CI that the server chose', async () => {
  const reader = readerWith(newCard('P-256', 'brainpoolP256r1'));
  const { publicKey } = readCertificate(reader.card().credentials[1]?.euiccCertificate as Uint8Array);
  const { result } = await downloaded(reader, dpOn('brainpoolP256r1'));
  const { profileInstallationResultData, euiccSignPIR } = result;
  assert.ok(publicKey().verify(euiccSignPIR, profileInstallationResultData.bytes));
  await downloaded(reader, dpOn('P-256'));
  assert.equal(reader.card().profiles.length, 2);
});

test('every profile gets an ISD-P AID of its own, and one that was freed is given again', async () => {
  const reader = readerWith(newCard());
  const aids = async () => {
    await downloaded(reader, dpOn());
    return toHex(reader.card().profiles.at(-1)?.aid as Uint8Array);
  };
  assert.equal(await aids(), 'a0000005591010ffffffff8900001000');
  assert.equal(await aids(), 'a0000005591010ffffffff8900001100');
  reader.change((card) => ({ ...card, profiles: card.profiles.slice(1) }));
  assert.equal(await aids(), 'a0000005591010ffffffff8900001000');
});

test('AIDs go on after the 240th', async () => {
  const reader = readerWith(newCard());
  await downloaded(reader, dpOn());
  const [first] = reader.card().profiles;
  assert.ok(first);
  const many = Array.from({ length: 299 }, (_, i) => {
    const aid = Uint8Array.from(first.aid);
    aid.set([(i + 0x10) >>> 8, (i + 0x10) & 0xff], 13);
    return { ...first, aid, iccid: nextIccid(), upp: new Uint8Array() };
  });
  reader.change((card) => ({ ...card, profiles: many }));
  await downloaded(reader, dpOn());
  const added = reader.card().profiles.at(-1)?.aid as Uint8Array;
  assert.equal(toHex(added), 'a0000005591010ffffffff8900013b00');
});
