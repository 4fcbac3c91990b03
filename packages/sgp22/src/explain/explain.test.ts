import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { encode, encodeWithBytes, fromHex, readAll, tlv, toBase64, toHex } from '@esim-rsp/codec';
import fc from 'fast-check';
import { AuthenticateServerResponse, CtxParams1 } from '../asn1/authentication.ts';
import { ReplaceSessionKeysRequest } from '../asn1/bound-profile-package.ts';
import {
  CancelSessionResponse as CancelError,
  CancelSessionRequest,
  PrepareDownloadRequest,
  PrepareDownloadResponse,
  SmdpSigned2,
} from '../asn1/download.ts';
import { EnableProfileResponse, GetEuiccDataResponse } from '../asn1/es10.ts';
import { Certificate } from '../asn1/pkix.ts';
import { generateSigningKey } from '../crypto/ecdsa.ts';
import { writeAsn1Refusal, writeAsn1Request } from '../functions/asn1-binding.ts';
import { certificatePem } from '../pki/certificate.ts';
import { EID, testPki } from '../pki/own-pki.harness.ts';
import { sgp26Files, skipSgp26 } from '../pki/sgp26.harness.ts';
import { buildProfilePackage, completeParameters, otaKeysFrom } from '../profile/build.ts';
import { eidToBytes } from '../value/eid.ts';
import type { Iccid } from '../value/iccid.ts';
import { parseTransactionId } from '../value/transaction-id.ts';
import { ValueError } from '../value/value-error.ts';
import { explain } from './explain.ts';
import { type ExplainOptions, formatNode, type Node } from './node.ts';

const DATA = new URL('../../../../../shared/data/', import.meta.url);
const skip = existsSync(new URL('session/', DATA))
  ? false
  : 'the recorded session is not at ../shared/data/session';
const skipProfiles = existsSync(new URL('profiles/', DATA))
  ? false
  : 'no profile packages at ../shared/data/profiles';
const recorded = (path: string) => new Uint8Array(readFileSync(new URL(path, DATA)));

const utf8 = (text: string) => new TextEncoder().encode(text);
const inWords = (given: Uint8Array | string, shown?: ExplainOptions) =>
  formatNode(explain(typeof given === 'string' ? utf8(given) : given, shown));
const transactionId = fromHex('0a0b');

test('an activation code is shown by its parts, its MatchingID but for the last four characters', () => {
  const code = 'LPA:1$smdp.example.com$K2-SECRET-9876$2.999.10$1';
  assert.equal(
    inWords(code),
    [
      'activation code',
      '  SM-DP+ address: smdp.example.com',
      '  MatchingID: **********9876',
      '  SM-DP+ OID: 2.999.10',
      '  confirmation code: required',
    ].join('\n'),
  );
  assert.match(inWords(code.slice(4), { showSecrets: true }), /K2-SECRET-9876/);
  assert.doesNotMatch(inWords('1$smdp.example.com$K2-XYZ'), /XYZ/);
});

const messages: Readonly<Record<string, RegExp>> = {
  'auth-server-response.der':
    /^AuthenticateServerResponse \[BF38, .*CERT\.EUICC: an eUICC.*EID: 8904903212345/s,
  'authenticate-response.der':
    /^AuthenticateClientResponse \[BF3B, .*ccRequiredFlag \[01, 1 octet\]: false.*CERT\.DPpb/s,
  'initiate-response.der':
    /^InitiateAuthenticationOk \[30, .*serverAddress \[83, 16 octets\]: 'smdp.example.com'.*CERT\.DPauth/s,
  'euicc-info1.der': /^EUICCInfo1 \[BF20, 9 octets\]\n {2}svn \[82, 3 octets\]: 2\.0\.0\n/,
  'prepare-download-response.der':
    /^PrepareDownloadResponse \[BF21, .*euiccOtpk \[5F49, 65 octets\]: 04A61B/s,
  'bound-profile-package.der':
    /^BoundProfilePackage .*keyType \[80, 1 octet\]: 88 AES.*sequenceOf88 .*1 segment of 58 octets.*iccid \[5A, 10 octets\]: 89000123456789012341.*sequenceOf86 /s,
  'store-metadata.der': /^StoreMetadataRequest .*profileName \[92, 22 octets\]: 'euicc-rsp test profile'$/s,
  'pending-notification.der':
    /^ProfileInstallationResult .*profileManagementOperation \[81, 2 octets\]: notificationInstall\n/s,
};

for (const [file, words] of Object.entries(messages))
  test(`${file} of the recorded session is explained as it is, in hex and in base64`, { skip }, () => {
    const bytes = recorded(`session/${file}`);
    const shown = inWords(bytes);
    assert.match(shown, words);
    assert.doesNotMatch(shown, /unknown|is missing/);
    assert.equal(inWords(toHex(bytes)), shown);
    assert.equal(inWords(`${toBase64(bytes)}\n`), shown);
  });

test('errors are reported by name', () => {
  const error = { transactionId, authenticateErrorCode: 7 };
  assert.match(
    inWords(encode(AuthenticateServerResponse, { authenticateResponseError: error })),
    /: 7 ciPKUnknown$/,
  );
  const failed = { transactionId, downloadErrorCode: 5 };
  assert.match(
    inWords(encode(PrepareDownloadResponse, { downloadResponseError: failed })),
    /: 5 invalidTransactionId$/,
  );
  assert.match(inWords(encode(CancelSessionRequest, { transactionId, reason: 4 })), /: 4 metadataMismatch$/);
  assert.match(
    inWords(encode(EnableProfileResponse, { result: 2 })),
    /EnableProfileResponse.*: 2 profileNotInDisabledState$/s,
  );
  const metadata = fromHex('bf2f0e8001018104008000000c03612e62');
  const data = tlv(0xbf27, fromHex('80020a0b'), metadata, fromHex('a208a10680010581010a'));
  const shown = inWords(tlv(0xbf37, data, tlv(0x5f37, new Uint8Array(64))));
  assert.match(
    shown,
    /bppCommandId \[80, 1 octet\]: 5 loadProfileElements\n.*: 10 installFailedDueToInsufficientMemoryForProfile/,
  );
  assert.match(inWords('8.2.6/3.8'), /8\.2\.6 \(Matching ID\).*3\.8 \(Refused\)/s);
});

test('the ASN.1 binding is shown from A2 on, its error numbers as status codes', () => {
  const status = { subjectCode: '8.2.6', reasonCode: '3.8', message: '' } as const;
  assert.equal(
    inWords(writeAsn1Refusal('authenticateClient', status)),
    [
      'RemoteProfileProvisioningResponse [A2, 6 octets]',
      '  AuthenticateClientResponse [BF3B, 3 octets]',
      '    error [81, 1 octet]: 6 for 8.2.6 (Matching ID), 3.8 (Refused)',
    ].join('\n'),
  );
  const cancelSessionResponse = encodeWithBytes(CancelError, { cancelSessionResponseError: 5 });
  const request = { transactionId: parseTransactionId('0A0B'), cancelSessionResponse };
  assert.match(
    inWords(writeAsn1Request('cancelSession', request)),
    /^RemoteProfileProvisioningRequest \[A2.*\n {2}cancelSession \[BF41.*transactionId.*: 0A0B\n.*5 invalidTransactionId$/s,
  );
});

test('an EID is sixteen octets of BCD, an ICCID is swapped', () => {
  assert.match(inWords(encode(GetEuiccDataResponse, { eidValue: eidToBytes(EID) })), new RegExp(`: ${EID}$`));
  assert.match(inWords(EID), /check digits correct/);
  assert.match(inWords('5a0a98001032547698103214'), /^Iccid .*: 89000123456789012341$/);
});

test('profile policy rules, operators and what profile elements report read in words', () => {
  const metadata = inWords(
    tlv(0xbf25, fromHex('5a0a98001032547698103214910142920143b7058003130062990206c0')),
  );
  assert.match(metadata, /mccMnc \[80, 3 octets\]: MCC 310, MNC 260\n/);
  assert.match(
    metadata,
    /profilePolicyRules .*: pprUpdateControl, ppr1 \(the profile may not be disabled\)$/,
  );
  const report = inWords('300aa0083006800103810107');
  assert.match(report, /status \[80, 1 octet\]: 3 bad-values\n.*identificationNumber .*: 7$/);
});

test('a certificate says its role, its key and its times, in DER and in PEM', () => {
  const { certificate } = testPki().dpAuth;
  const shown = inWords(certificate.bytes);
  assert.match(shown, /^Certificate \[30, \d+ octets\]: CERT\.DPauth: authentication of an SM-DP\+\n/);
  assert.match(shown, /notBefore: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z\n/);
  assert.match(shown, /certificatePolicies: 2\.23\.146\.1\.2\.1\.4 id-rspRole-dp-auth\n/);
  assert.match(inWords(certificatePem(certificate)), /CERT\.DPauth/);
});

test('every certificate and key of SGP.26 is explained, and no private key is shown', {
  skip: skipSgp26,
}, () => {
  for (const [path, bytes] of sgp26Files()) {
    const shown = inWords(bytes);
    if (/\/CERT_/.test(path)) assert.match(shown, /CERT\.(?:CI|EUM|EUICC|DP)/, path);
    if (/\/SK_/.test(path)) assert.match(shown, /privateKey \[04, \d+ octets\]: \(secret, hidden\)/, path);
  }
});

test('a private key is not shown', () => {
  const pem = generateSigningKey('P-256').exportPem();
  const shown = inWords(pem);
  assert.match(shown, /^PrivateKeyInfo \(PEM: PRIVATE KEY\)/);
  assert.match(shown, /privateKey .*: \(secret, hidden\)/);
});

const secrets = {
  ki: fromHex('c0c1c2c3c4c5c6c7c8c9cacbcccdcecf'),
  opc: fromHex('d0d1d2d3d4d5d6d7d8d9dadbdcdddedf'),
  adm1: fromHex('e0e1e2e3e4e5e6e7'),
  ...otaKeysFrom(Uint8Array.from({ length: 48 }, (_, i) => 0x80 + i)),
};
const parameters = {
  iccid: '89440000000000000011' as Iccid,
  imsi: '001010000000001',
  pin1: '7391',
  pin2: '8462',
  puk1: '61728394',
  puk2: '51627384',
  serviceProviderName: 'Example',
  ...secrets,
};
const zeros = (length: number) => new Uint8Array(length);
const upp = buildProfilePackage(completeParameters(parameters, zeros));

/** Whether octets are anywhere in a tree, as hex, in any run of four. */
function shows(node: Node, octets: Uint8Array): boolean {
  const text = `${formatNode(node)}${JSON.stringify(node)}`.toUpperCase();
  return Array.from({ length: octets.length - 3 }, (_, i) =>
    toHex(octets.subarray(i, i + 4)).toUpperCase(),
  ).some((run) => text.includes(run));
}

const allSecrets = [...Object.values(secrets), ...['7391', '8462', '61728394', '51627384'].map(utf8)];

test('a profile package is shown by its elements, without keys, PINs and PUKs unless they are asked for', () => {
  const shown = inWords(upp);
  assert.match(shown, /^profile package .*ICCID: 89440000000000000011\n {2}IMSI: 001010000000001\n/s);
  assert.match(
    shown,
    /akaParameter .*algorithmID \[80, 1 octet\]: 1 milenage.*key \[82, 16 octets\]: \(secret, hidden\)/s,
  );
  for (const secret of allSecrets) {
    assert.ok(!shows(explain(upp), secret));
    assert.ok(shows(explain(upp, { showSecrets: true }), secret), toHex(secret));
  }
});

test('a profile package is shown with its name in any coding, and with what it needs of an eUICC', () => {
  const input = { ...parameters, serviceProviderName: 'Ростелеком', algorithm: 'tuak' } as const;
  const keys = { ki: zeros(32), opc: zeros(32) };
  const shown = inWords(buildProfilePackage(completeParameters({ ...input, ...keys }, zeros)));
  assert.match(shown, /service provider name \(EF\.SPN\): Ростелеком\n/);
  assert.match(shown, /eUICC-Mandatory-services .*: usim, tuak256\n/);
});

test('no element of a profile package shows a secret when it stands alone, or when others beside it are broken', () => {
  const elements = readAll(upp);
  for (const { bytes } of elements)
    for (const secret of allSecrets) assert.ok(!shows(explain(bytes), secret));
  fc.assert(
    fc.property(fc.nat(upp.length - 1), fc.nat(255), (at, octet) => {
      if (at < (elements[0]?.end ?? 0)) return; // without its header it is no package any more
      const node = treeOf(upp.with(at, octet));
      for (const secret of [secrets.ki, secrets.opc, secrets.adm1]) assert.ok(!(node && shows(node, secret)));
    }),
  );
});

for (const file of skipProfiles ? [] : readdirSync(new URL('profiles/', DATA)))
  test(`the published profile package ${file} is explained`, () => {
    const shown = inWords(recorded(`profiles/${file}`));
    assert.match(shown, /^profile package .*ICCID: 89.*pinValue \[81, 8 octets\]: \(secret, hidden\)/s);
    assert.doesNotMatch(shown, /fault:/);
  });

const hashCc = Uint8Array.from({ length: 32 }, (_, i) => 0xa0 + i);

function prepareDownload(): Uint8Array {
  return encode(PrepareDownloadRequest, {
    smdpSigned2: encodeWithBytes(SmdpSigned2, { transactionId, ccRequiredFlag: true }),
    smdpSignature2: { value: new Uint8Array(64), bytes: tlv(0x5f37, new Uint8Array(64)) },
    hashCc,
    smdpCertificate: encodeWithBytes(Certificate, testPki().dpPb.certificate.value),
  });
}

test('hashCc, session keys and MatchingIDs are hidden in messages, hashCc also when it stands alone', () => {
  const shown = inWords(prepareDownload());
  assert.match(shown, /^PrepareDownloadRequest .*hashCc \[04, 32 octets\]: \(secret, hidden\)/s);
  assert.ok(!shows(explain(prepareDownload()), hashCc));
  assert.ok(shows(explain(prepareDownload(), { showSecrets: true }), hashCc));
  assert.ok(!shows(explain(tlv(0x04, hashCc)), hashCc));
  const ppk = { initialMacChainingValue: secrets.ki, ppkEnc: secrets.opc, ppkCmac: hashCc.subarray(0, 16) };
  for (const key of Object.values(ppk))
    assert.ok(!shows(explain(encode(ReplaceSessionKeysRequest, ppk)), key));
  const context = encode(CtxParams1, {
    ctxParamsForCommonAuthentication: {
      matchingId: 'K2-SECRET-9876',
      deviceInfo: { tac: fromHex('35290611'), deviceCapabilities: {} },
    },
  });
  const inContext = inWords(context);
  assert.doesNotMatch(inContext, /SECRET|534543/);
});

test('a JSON body is shown member by member, with what is inside them', () => {
  const euiccInfo1 = 'vyALggMCAgKpAgQAqgA=';
  const body = { euiccChallenge: toBase64(new Uint8Array(16)), smdpAddress: 'a.b', euiccInfo1 };
  assert.match(
    inWords(JSON.stringify(body)),
    /^request of ES9\+\.InitiateAuthentication \(5\.6\.1\)\n.*euiccInfo1 \[BF20, 11 octets\]: EUICCInfo1\n {4}svn \[82, 3 octets\]: 2\.2\.2\n/s,
  );
  const statusCodeData = { subjectCode: '8.2.7', reasonCode: '6.4' };
  const failed = { header: { functionExecutionStatus: { status: 'Failed', statusCodeData } } };
  assert.match(
    inWords(JSON.stringify(failed)),
    /8\.2\.7 \(Confirmation code\).*6\.4 \(Maximum number of attempts exceeded\)/s,
  );
  const order = {
    matchingId: 'K2-SECRET-9876',
    confirmation_code: 'SECRET',
    ki: toHex(secrets.ki),
    upp: toBase64(upp),
    activation_code: 'LPA:1$a.b$K2-SECRET-9876',
  };
  const node = explain(utf8(JSON.stringify(order)));
  assert.doesNotMatch(formatNode(node), /SECRET/);
  for (const secret of allSecrets) assert.ok(!shows(node, secret));
});

test('what nothing is known of is shown as tag, length and octets', () => {
  assert.equal(inWords('df2102abcd'), 'unknown [DF21, 2 octets]: ABCD');
  assert.match(
    inWords(tlv(0xc1, new Uint8Array(500))),
    /^unknown \[C1, 500 octets\]: (?:00){48}… \(500 octets\)$/,
  );
});

test('what is nothing of RSP is refused in one line that does not repeat it', () => {
  const key = 'f1e2d3c4b5a697887766554433221100';
  for (const given of ['', 'hello, world', key, '{"a":', '-----BEGIN X-----', '1$', 'bf2004'])
    assert.throws(
      () => inWords(given),
      (error) =>
        error instanceof ValueError &&
        /^[^\n]* \(expected an activation code/.test(error.message) &&
        !/f1e2|F1/.test(error.message),
    );
});

function treeOf(given: Uint8Array): Node | undefined {
  try {
    const node = explain(given);
    assert.equal(typeof formatNode(node), 'string');
    return node;
  } catch (error) {
    assert.ok(error instanceof ValueError, String(error));
    assert.doesNotMatch(error.message, /\n/);
    return undefined;
  }
}

test('any octets, and any text, give a tree or a refusal', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => void treeOf(octets)));
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void treeOf(utf8(text))));
  fc.assert(fc.property(fc.json(), (text) => void treeOf(utf8(text))));
});

test('a message with any octet changed gives a tree or a refusal', () => {
  const notification = tlv(
    0x30,
    fromHex('bf2f0e8001018104008000000c03612e62'),
    tlv(0x5f37, new Uint8Array(64)),
  );
  for (const bytes of [prepareDownload(), notification, testPki().eum.certificate.bytes])
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, octet) => void treeOf(bytes.with(at, octet))),
    );
  const deep = Array.from({ length: 2000 }).reduce<Uint8Array>((inner) => tlv(0x30, inner), new Uint8Array());
  assert.ok(treeOf(deep));
});
