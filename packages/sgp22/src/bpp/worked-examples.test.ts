import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, decodeWithBytes, encode, equal, fromHex, tlv, toHex } from '@esim-rsp/codec';
import { BoundProfilePackage, ReplaceSessionKeysRequest } from '../asn1/bound-profile-package.ts';
import { importSigningKey, importVerifyingKey, type SigningKey, spkiOf } from '../crypto/ecdsa.ts';
import { computeSharedSecret, importOneTimeKey } from '../crypto/ecka.ts';
import { parseEid } from '../value/eid.ts';
import { assembleBoundProfilePackage, bindProfile, protectParts } from './bind.ts';
import { openSegment, readFirstSegment, startOpening } from './open.ts';
import { protect, startProtection } from './protect.ts';
import { verifySecureChannel } from './secure-channel.ts';
import { splitBoundProfilePackage } from './segment.ts';
import { deriveSessionKeys, replacementKeys } from './session-keys.ts';

/** One binding on P-256, computed independently of this code: session keys, every segment, the whole package. */
const sessionKeyExample = {
  eid: parseEid('89049032123451234512345678901235'),
  transactionId: fromHex('00112233445566778899aabbccddeeff'),
  otSkDp: fromHex('8535f219bf196922b96a964c03a111487f9ea1dfa12800365926ea53f8892363'),
  otSkEuicc: fromHex('035af40c16b3e9d3f9f7f700cf9c941342d55865ed1bd702b9a5f88de4ed1f00'),
  otPkDp: fromHex(
    '048120fc48c0df00c7c101ceb64c0f613784a1d8f1534c0fbb9ef1fdb2ed8bde117ade4308a4bc12cd19088240974e88' +
      '8d8667b083920df93d684e9bc5e378a070',
  ),
  otPkEuicc: fromHex(
    '04007713cf4e28121e933d43f113473911bf3559f80a23d06939bdbfb5a51ffd18197fcd07dc412f0b8d3207af49f3ac' +
      '5ef075399426715ac7e68775844a9c8321',
  ),
  skDpPb: fromHex('6bd7182ed0f9be9d1f59e05f46beb5a3d835ae3efb8e26f8def25790dee28a11'),
  pkDpPb: fromHex(
    '044cbf8da24581635fca3797dc1cf2305779492be9a8603e9034f6719cfff1207f8b1f15589d2c6f88c85e4dc064dda9' +
      'c18ecf6d6a146c687b6fc588258326a29c',
  ),
  sharedSecret: fromHex('92128969dd5f4ab62bb4b24be850a4ed80eac25344028f31bd7228ef1d00324e'),
  hostId: fromHex('6469676573742d686f737431'),
  initialMacChainingValue: fromHex('067f6124035ecf1306ee87d18e59d97d'),
  sEnc: fromHex('6a01c0921a10d56217d7936e5f87ee6d'),
  sMac: fromHex('cb8ef87e48fa5b82efdaee20a7f5642a'),
  smdpSignInput: fromHex(
    '820101801000112233445566778899aabbccddeeffa614800188810110840c6469676573742d686f7374315f49410481' +
      '20fc48c0df00c7c101ceb64c0f613784a1d8f1534c0fbb9ef1fdb2ed8bde117ade4308a4bc12cd19088240974e888d86' +
      '67b083920df93d684e9bc5e378a0705f494104007713cf4e28121e933d43f113473911bf3559f80a23d06939bdbfb5a5' +
      '1ffd18197fcd07dc412f0b8d3207af49f3ac5ef075399426715ac7e68775844a9c8321',
  ),
  smdpSign: fromHex(
    'ad6ee44c2a943c6b214421903c71370836433dc4f22d89e39bdf4d928a5b4931923bd351deb19aef12e8d0b413614321' +
      'ddcc06a9d9e4e05083432238308c378f',
  ),
  initialiseSecureChannel: fromHex(
    'bf2381b2820101801000112233445566778899aabbccddeeffa614800188810110840c6469676573742d686f7374315f' +
      '4941048120fc48c0df00c7c101ceb64c0f613784a1d8f1534c0fbb9ef1fdb2ed8bde117ade4308a4bc12cd1908824097' +
      '4e888d8667b083920df93d684e9bc5e378a0705f3740ad6ee44c2a943c6b214421903c71370836433dc4f22d89e39bdf' +
      '4d928a5b4931923bd351deb19aef12e8d0b413614321ddcc06a9d9e4e05083432238308c378f',
  ),
  metadata: fromHex(
    'bf25435a0a984411002143658709f1910a4578616d706c65205350920f4578616d706c652050726f66696c65b6183016' +
      '800204708110736d64702e6578616d706c652e636f6d',
  ),
  upp: fromHex('5550502d4558414d504c452d30313233343536373839414243444546'),
  tlvs: [
    fromHex('871833738a7f9610f87fda58cb4a3b7f628dc778c7fd8428f9a1'),
    fromHex(
      '884ebf25435a0a984411002143658709f1910a4578616d706c65205350920f4578616d706c652050726f66696c65b618' +
        '3016800204708110736d64702e6578616d706c652e636f6d76ef26096ed5269a',
    ),
    fromHex('862828dd79e37a838ea9aafeb6be707c3dd73f73f552c1cc308ca0b64a66e425c195e81de9ebbba29b13'),
  ],
  fullMacs: [
    fromHex('c778c7fd8428f9a171fb4a047d87197e'),
    fromHex('76ef26096ed5269a0c1b29e02fc3f85d'),
    fromHex('e81de9ebbba29b13f97ba45272af887e'),
  ],
  boundProfilePackage: fromHex(
    'bf36820150bf2381b2820101801000112233445566778899aabbccddeeffa614800188810110840c6469676573742d68' +
      '6f7374315f4941048120fc48c0df00c7c101ceb64c0f613784a1d8f1534c0fbb9ef1fdb2ed8bde117ade4308a4bc12cd' +
      '19088240974e888d8667b083920df93d684e9bc5e378a0705f3740ad6ee44c2a943c6b214421903c71370836433dc4f2' +
      '2d89e39bdf4d928a5b4931923bd351deb19aef12e8d0b413614321ddcc06a9d9e4e05083432238308c378fa01a871833' +
      '738a7f9610f87fda58cb4a3b7f628dc778c7fd8428f9a1a150884ebf25435a0a984411002143658709f1910a4578616d' +
      '706c65205350920f4578616d706c652050726f66696c65b6183016800204708110736d64702e6578616d706c652e636f' +
      '6d76ef26096ed5269aa32a862828dd79e37a838ea9aafeb6be707c3dd73f73f552c1cc308ca0b64a66e425c195e81de9' +
      'ebbba29b13',
  ),
};

/** The same session with a profile protected beforehand, cut into two pieces of 14 bytes. */
const ppkExample = {
  initialMacChainingValue: fromHex('a0a1a2a3a4a5a6a7a8a9aaabacadaeaf'),
  ppkEnc: fromHex('b0b1b2b3b4b5b6b7b8b9babbbcbdbebf'),
  ppkMac: fromHex('c0c1c2c3c4c5c6c7c8c9cacbcccdcecf'),
  replaceSessionKeys: fromHex(
    'bf26368010a0a1a2a3a4a5a6a7a8a9aaabacadaeaf8110b0b1b2b3b4b5b6b7b8b9babbbcbdbebf8210c0c1c2c3c4c5c6' +
      'c7c8c9cacbcccdcecf',
  ),
  replaceSessionKeysTlv: fromHex(
    '8748464f824ab21811fab794971c8617e6ce9894244407d5ef292079966cc866b4ccbbc2c2edc308db8d580848ef8502' +
      'fe6ba7fb006ad946b6850fa5383c191dd6651a6b789863f25f2a',
  ),
  profileTlvs: [
    fromHex('861877160d8a6de60ef265dfc7695a48105729affddf536ff4d2'),
    fromHex('8618e29ffc9e09a65a434c905a69d298ab20971b576819ce0f9c'),
  ],
};

/** The same private keys on brainpoolP256r1. */
const brainpoolExample = {
  otPkDp: fromHex(
    '043406fe13cebe94faa014bf005ef61ce8253a738a6ddaef7f8cedef5dfc3cbd9a18013506ff4b455266c42654767177' +
      'b0da784718364be1a43c11cd6a523077b2',
  ),
  otPkEuicc: fromHex(
    '0479d50fd64d8b9b3e51409c04649c814d82682b036ddfc6da8f0e393efd05d8cf705b2060716a947dc41772786f4902' +
      'a857583ab7e61f1877a2ab5b6690fdb4f9',
  ),
  sharedSecret: fromHex('7d9ea77b273bdbefbc8dd8a2229ce3c09b84b70a4ac7bc5c605cf6daca8ba22c'),
  initialMacChainingValue: fromHex('2f9cee063565af099b4de69ac710f9db'),
  sEnc: fromHex('b2e6e0ea7c3aff5de92a9cb51c0a3b58'),
  sMac: fromHex('a46499bd9d728cf94541c3a56405ee2c'),
};

const { eid, transactionId, hostId, metadata, upp } = sessionKeyExample;
const keys = deriveSessionKeys(sessionKeyExample);
const configureISDP = fromHex('bf2400');
const ppk = replacementKeys({
  initialMacChainingValue: ppkExample.initialMacChainingValue,
  ppkEnc: ppkExample.ppkEnc,
  ppkCmac: ppkExample.ppkMac,
});

/** Gives the example's signature, whose nonce was deterministic, if it is asked to sign the example's bytes. */
const dpPb: SigningKey = {
  curve: 'P-256',
  sign: (...parts) => {
    assert.equal(toHex(concat(...parts)), toHex(sessionKeyExample.smdpSignInput));
    return sessionKeyExample.smdpSign;
  },
};

function assertBytes(actual: Uint8Array | undefined, expected: Uint8Array): void {
  assert.equal(toHex(actual ?? new Uint8Array()), toHex(expected));
}

/** SEC 1 PEM of a P-256 scalar. */
function pemOf(scalar: Uint8Array): string {
  const curve = tlv(0xa0, fromHex('06082a8648ce3d030107'));
  const der = tlv(0x30, fromHex('020101'), tlv(0x04, scalar), curve);
  return `-----BEGIN EC PRIVATE KEY-----\n${der.toBase64()}\n-----END EC PRIVATE KEY-----\n`;
}

test('both one-time keys of the example lead to its shared secret', () => {
  const dp = importOneTimeKey('P-256', sessionKeyExample.otSkDp);
  const euicc = importOneTimeKey('P-256', sessionKeyExample.otSkEuicc);
  assertBytes(dp.otPk, sessionKeyExample.otPkDp);
  assertBytes(euicc.otPk, sessionKeyExample.otPkEuicc);
  assertBytes(computeSharedSecret(dp, euicc.otPk), sessionKeyExample.sharedSecret);
  assertBytes(computeSharedSecret(euicc, dp.otPk), sessionKeyExample.sharedSecret);
});

test('the session keys of the example are derived', () => {
  assertBytes(keys.initialMacChainingValue, sessionKeyExample.initialMacChainingValue);
  assertBytes(keys.sEnc, sessionKeyExample.sEnc);
  assertBytes(keys.sMac, sessionKeyExample.sMac);
});

test('the same scalars on brainpoolP256r1 lead to the session keys of the other example', () => {
  const dp = importOneTimeKey('brainpoolP256r1', sessionKeyExample.otSkDp);
  const euicc = importOneTimeKey('brainpoolP256r1', sessionKeyExample.otSkEuicc);
  assertBytes(dp.otPk, brainpoolExample.otPkDp);
  assertBytes(euicc.otPk, brainpoolExample.otPkEuicc);
  const sharedSecret = computeSharedSecret(dp, euicc.otPk);
  assertBytes(sharedSecret, brainpoolExample.sharedSecret);
  const derived = deriveSessionKeys({ sharedSecret, hostId, eid });
  assertBytes(derived.initialMacChainingValue, brainpoolExample.initialMacChainingValue);
  assertBytes(derived.sEnc, brainpoolExample.sEnc);
  assertBytes(derived.sMac, brainpoolExample.sMac);
});

test('the segments of the example come out byte for byte, one at a time and in one run', () => {
  const segments = [
    { tag: 0x87, plaintext: configureISDP },
    { tag: 0x88, plaintext: metadata },
    { tag: 0x86, plaintext: upp },
  ] as const;
  let protection = startProtection(keys);
  for (const [i, segment] of segments.entries()) {
    const one = protect(protection, [segment]);
    assertBytes(one.tlvs[0], sessionKeyExample.tlvs[i] as Uint8Array);
    assertBytes(one.protection.chain, sessionKeyExample.fullMacs[i] as Uint8Array);
    protection = one.protection;
  }
  const run = protect(startProtection(keys), segments);
  assert.deepEqual(run.tlvs.map(toHex), sessionKeyExample.tlvs.map(toHex));
  assert.deepEqual(run.protection, protection);
});

test('the Bound Profile Package of the example comes out byte for byte', async () => {
  const bound = await bindProfile({
    transactionId,
    hostId,
    eid,
    oneTimeKey: importOneTimeKey('P-256', sessionKeyExample.otSkDp),
    euiccOtpk: sessionKeyExample.otPkEuicc,
    dpPb,
    metadata,
    profile: { upp },
  });
  assertBytes(bound, sessionKeyExample.boundProfilePackage);
  assertBytes(encode(BoundProfilePackage, decodeWithBytes(BoundProfilePackage, bound).value), bound);
});

test('the signature of the example verifies, and our own over the same bytes does too', () => {
  const publicKey = importVerifyingKey(spkiOf('P-256', sessionKeyExample.pkDpPb));
  const signer = importSigningKey(pemOf(sessionKeyExample.skDpPb));
  assertBytes(signer.verifyingKey.point, sessionKeyExample.pkDpPb);
  assert.ok(publicKey.verify(sessionKeyExample.smdpSign, sessionKeyExample.smdpSignInput));
  assert.ok(publicKey.verify(signer.sign(sessionKeyExample.smdpSignInput), sessionKeyExample.smdpSignInput));
  const [first] = splitBoundProfilePackage(sessionKeyExample.boundProfilePackage) as [Uint8Array];
  const { request } = readFirstSegment(first);
  assertBytes(request.bytes, sessionKeyExample.initialiseSecureChannel);
  verifySecureChannel(request, { transactionId, euiccOtpk: sessionKeyExample.otPkEuicc, dpPb: publicKey });
});

test('the package of the example opens to what went in', () => {
  const [first, ...segments] = splitBoundProfilePackage(sessionKeyExample.boundProfilePackage) as [
    Uint8Array,
    ...Uint8Array[],
  ];
  let opening = startOpening(keys, readFirstSegment(first).remaining);
  const opened: string[] = [];
  for (const segment of segments) {
    const step = openSegment(opening, segment);
    opening = step.opening;
    opened.push(...step.commands.map(({ command, data }) => `${command} ${toHex(data)}`));
  }
  assert.deepEqual(opened, [
    `configureISDP ${toHex(configureISDP)}`,
    `storeMetadata ${toHex(metadata)}`,
    `loadProfileElements ${toHex(upp)}`,
  ]);
  assert.equal(opening.remaining, 0);
});

test('a profile protected beforehand uses its own keys, its own chain and a counter from 1', () => {
  const sequenceOf86 = tlv(0xa3, ...ppkExample.profileTlvs);
  const pieces = [upp.subarray(0, 14), upp.subarray(14)].map(
    (plaintext) => ({ tag: 0x86, plaintext }) as const,
  );
  assert.deepEqual(protect(startProtection(ppk), pieces).tlvs.map(toHex), ppkExample.profileTlvs.map(toHex));
  const parts = protectParts({ keys, metadata, profile: { ppk, sequenceOf86 } });
  assertBytes(parts.secondSequenceOf87, tlv(0xa2, ppkExample.replaceSessionKeysTlv));
  assertBytes(
    encode(ReplaceSessionKeysRequest, {
      initialMacChainingValue: ppk.initialMacChainingValue,
      ppkEnc: ppk.sEnc,
      ppkCmac: ppk.sMac,
    }),
    ppkExample.replaceSessionKeys,
  );
  const bound = assembleBoundProfilePackage(sessionKeyExample.initialiseSecureChannel, parts);
  const [first, ...segments] = splitBoundProfilePackage(bound) as [Uint8Array, ...Uint8Array[]];
  let opening = startOpening(keys, readFirstSegment(first).remaining);
  const profile = segments.flatMap((segment) => {
    const step = openSegment(opening, segment);
    opening = step.opening;
    return step.commands.filter(({ command }) => command === 'loadProfileElements');
  });
  assert.ok(equal(concat(...profile.map(({ data }) => data)), upp));
});

test('the keys and the first TLV of a trace from another SM-DP+ are reproduced', () => {
  const derived = deriveSessionKeys({
    sharedSecret: fromHex('c9a993dd4879a8f7161f2085410edd4f9652f1df37be097ba96ba2ca6be528fe'),
    hostId: new Uint8Array(8).fill(0x80),
    eid,
  });
  assertBytes(derived.sEnc, fromHex('472f5bfadd97f21d34f3ce9b51b92751'));
  assertBytes(derived.sMac, fromHex('9ec07f5b36a13e12a991d66e294e6242'));
  assertBytes(derived.initialMacChainingValue, fromHex('406d507b448a699e7a36a38494debbde'));
  const { tlvs } = protect(startProtection(derived), [{ tag: 0x87, plaintext: configureISDP }]);
  assertBytes(tlvs[0], fromHex('8718f6fe031e4b9cfe87c8e1e62f3fde85c49412d7722a6a2d89'));
});
