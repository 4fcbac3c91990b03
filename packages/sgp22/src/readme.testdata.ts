import { bindProfile } from '@esim-rsp/sgp22/bpp/bind';
import { splitBoundProfilePackage } from '@esim-rsp/sgp22/bpp/segment';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { generateOneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import { systemRandom as random } from '@esim-rsp/sgp22/crypto/random';
import { verifyServerChain } from '@esim-rsp/sgp22/pki/server-chain';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { storeMetadataFor } from '@esim-rsp/sgp22/profile/metadata';
import { readProfilePackage } from '@esim-rsp/sgp22/profile/read';
import { refusals } from '@esim-rsp/sgp22/status';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';

// A PKI for trials, and what an eUICC checks of the certificate that signs for the SM-DP+.
const generateKey = generateSigningKey;
const pki = makeTestPki({
  now: Date.now(),
  random,
  generateKey: generateKey,
  curve: 'P-256',
  hosts: ['rsp.example.com'],
});
const trust = [trustCi(pki.ci.certificate)];
const { certificate } = pki.dpAuth;
console.log(verifyServerChain({ certificate, role: 'dp-auth', trust }).ok); // true
console.log(verifyServerChain({ certificate, role: 'dp-pb', trust }).ok); // false

// A profile package from parameters, and read back.
const iccid = parseIccid('8988201000000000019');
const names = { serviceProviderName: 'Example Mobile', profileName: 'Travel' };
const given = { iccid, imsi: '001010123456789', ki: random(16), opc: random(16), ...names };
const upp = buildProfilePackage(completeParameters(given, random));
console.log(readProfilePackage(upp).imsi); // 001010123456789

// The package bound to one eUICC, and cut into what the LPA hands it.
const metadata = storeMetadataFor({
  iccid,
  ...names,
  profileClass: 'operational',
  notificationAddress: 'rsp.example.com',
}).bytes;
const bound = await bindProfile({
  transactionId: random(16),
  hostId: random(16),
  eid: completeEid('890490320010012345001234567890'),
  oneTimeKey: generateOneTimeKey('P-256', random),
  euiccOtpk: generateOneTimeKey('P-256', random).otPk,
  dpPb: pki.dpPb.key,
  metadata,
  profile: { upp },
});
console.log(splitBoundProfilePackage(bound).every(({ length }) => length <= 1020)); // true

// A refusal is data: the subject and reason code of the specification, and words.
const refuse = refusals({ unknown: ['8.10.1', '3.9', 'there is no such session'] });
console.log(refuse.unknown().message); // 8.10.1/3.9: there is no such session
