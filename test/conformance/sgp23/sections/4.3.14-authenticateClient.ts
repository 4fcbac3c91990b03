import assert from 'node:assert/strict';
import { fromHex } from '@esim-rsp/codec';
import { device, type FaultName, faults, info, matchingId, none } from '@esim-rsp/euicc/fault';
import type { DeviceInfo } from '@esim-rsp/sgp22/asn1/euicc-info';
import type { OrderKind } from '../driver/fixtures.ts';
import {
  createDevice,
  expectAuthentication,
  expectRefusal,
  mustRefuse,
  runToAuthentication,
  runToPackage,
  type Section,
  type Sequence,
} from '../driver/sequence.ts';
import { Refused } from '../driver/server.ts';

const release = fromHex('0f0000');

const fullDeviceInfo: DeviceInfo = {
  tac: fromHex('35290611'),
  deviceCapabilities: {
    gsmSupportedRelease: release,
    utranSupportedRelease: release,
    cdma2000onexSupportedRelease: release,
    cdma2000hrpdSupportedRelease: release,
    cdma2000ehrpdSupportedRelease: release,
    eutranEpcSupportedRelease: release,
    contactlessSupportedRelease: release,
    rspCrlSupportedVersion: release,
    nrEpcSupportedRelease: release,
    nr5gcSupportedRelease: release,
    eutran5gcSupportedRelease: release,
    lpaSvn: fromHex('020500'),
    catSupportedClasses: new Set([0, 3, 9]),
    euiccFormFactorType: 1,
    deviceAdditionalFeatureSupport: { naiSupport: release },
  },
  imei: fromHex('5392160110000000'),
};

const fullInfo = info({
  ts102241Version: release,
  globalplatformVersion: fromHex('020300'),
  euiccCategory: 2,
  forbiddenProfilePolicyRules: new Set([0]),
  certificationDataObject: { platformLabel: '1.2.3/label', discoveryBaseURL: 'https://example.com' },
  treProperties: new Set([1]),
  treProductReference: 'Test product',
  additionalEuiccProfilePackageVersions: [fromHex('030100')],
});

const allCapabilities = info({ uiccCapability: new Set(Array.from({ length: 32 }, (_, bit) => bit)) });

const wrongThenRight: Sequence = async (bench) => {
  const order = await bench.fixtures.order('default', bench.issuers);
  const lpa = createDevice(bench, order);
  const first = runToAuthentication({ ...lpa, fault: faults['unknown-matching-id'].fault }, order);
  await mustRefuse('authenticateClient', '8.2.6/3.8', first);
  await runToAuthentication(lpa, order);
};

/** Each server chooses how many attempts it allows. */
const TRIES = 40;

const attemptsExhausted: Sequence = async (bench) => {
  const order = await bench.fixtures.order('open', bench.issuers);
  const lpa = createDevice(bench, order);
  for (let tries = 0; tries < TRIES; tries++) {
    const error = await runToAuthentication(lpa, order).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) continue;
    assert.ok(tries > 0, `${error}`);
    assert.equal(error instanceof Refused ? error.pair : error, '8.8.5/6.4');
    return;
  }
  assert.fail(`${TRIES} attempts were allowed`);
};

/** An order without EID is bound to the first eUICC that received the package. */
const boundElsewhere: Sequence = async (bench) => {
  const order = await bench.fixtures.order('open', bench.issuers);
  await runToPackage(createDevice(bench, order), order);
  const second = createDevice(bench, order, faults['another-euicc'].fault);
  await mustRefuse('authenticateClient', '8.1.1/3.8', runToAuthentication(second, order));
};

const byAsn1: Sequence = (bench) => expectAuthentication('open')({ ...bench, server: bench.by('asn1') });

const no = (pair: string | undefined, name: FaultName | 'none', kind?: OrderKind) =>
  expectRefusal('authenticateClient', pair, name === 'none' ? none : faults[name].fault, kind);

/** ES9+.AuthenticateClient. */
export const authenticateClient: Section = {
  '4.3.14.2.1 #01': expectAuthentication('default'),
  '4.3.14.2.1 #02': expectAuthentication('default-cc'),
  '4.3.14.2.1 #03': wrongThenRight,
  '4.3.14.2.1 #05': expectAuthentication('default', matchingId(undefined)),
  '4.3.14.2.1 #06': expectAuthentication('event'),
  '4.3.14.2.1 #08': expectAuthentication('linked'),
  '4.3.14.2.1 #09': expectAuthentication('linked-cc'),
  '4.3.14.2.1 #11': expectAuthentication('open'),
  '4.3.14.2.1 #12': expectAuthentication('open-cc'),
  '4.3.14.2.1 #14': expectAuthentication('default', matchingId(undefined)),
  '4.3.14.2.1 #15': expectAuthentication('default', matchingId(undefined)),
  '4.3.14.2.1 #16': expectAuthentication('default', matchingId('')),
  '4.3.14.2.1 #17': expectAuthentication('default', matchingId(undefined)),
  '4.3.14.2.1 #18': expectAuthentication('default', matchingId('')),
  '4.3.14.2.1 #19': expectAuthentication('open', allCapabilities),
  '4.3.14.2.1 #20': expectAuthentication('open', device(fullDeviceInfo)),
  '4.3.14.2.1 #21': expectAuthentication('open', fullInfo),
  '4.3.14.2.1 ASN.1': byAsn1,
  '4.3.14.2.2 #01': no('8.1.2/6.1', 'eum-self-signed'),
  '4.3.14.2.2 #01 signature': no('8.1.2/6.1', 'eum-not-signed-by-ci'),
  '4.3.14.2.2 #01 no issuer': no('8.1.2/6.1', 'eum-without-issuer'),
  '4.3.14.2.2 #01 no policy': no('8.1.2/6.1', 'eum-without-policy'),
  '4.3.14.2.2 #01 role': no('8.1.2/6.1', 'eum-in-role-of-server'),
  '4.3.14.2.2 #02': no('8.1.2/6.3', 'eum-expired'),
  '4.3.14.2.2 #03': no('8.1.3/6.1', 'euicc-not-signed-by-eum'),
  '4.3.14.2.2 #03 no issuer': no('8.1.3/6.1', 'euicc-without-issuer'),
  '4.3.14.2.2 #03 no policy': no('8.1.3/6.1', 'euicc-without-policy'),
  '4.3.14.2.2 #03 role': no('8.1.3/6.1', 'euicc-in-role-of-server'),
  '4.3.14.2.2 #03 EID': no('8.1.3/6.1', 'eid-outside-range'),
  '4.3.14.2.2 #04': no('8.1.3/6.3', 'euicc-expired'),
  '4.3.14.2.2 #05': no('8.1/6.1', 'wrong-euicc-signature1'),
  '4.3.14.2.2 #06': no('8.1/6.1', 'wrong-server-challenge'),
  '4.3.14.2.2 #07': no('8.11.1/3.9', 'eum-under-unknown-ci'),
  '4.3.14.2.2 #08': no('8.2/1.2', 'none', 'confirmed'),
  '4.3.14.2.2 #09': no('8.10.1/3.9', 'other-transaction-authenticating'),
  '4.3.14.2.2 #10': no('8.10.1/3.9', 'other-transaction-in-euicc-signed1'),
  '4.3.14.2.2 #11': no('8.2.6/3.8', 'unknown-matching-id', 'default'),
  '4.3.14.2.2 #12': no('8.2.6/3.8', 'unknown-matching-id', 'linked'),
  '4.3.14.2.2 #13': no('8.2.6/3.8', 'unknown-matching-id', 'event'),
  '4.3.14.2.2 #14': no('8.1.1/3.8', 'another-euicc', 'default'),
  '4.3.14.2.2 #15': no('8.2.5/4.3', 'ppr1-forbidden', 'ppr1'),
  '4.3.14.2.2 #16': no('8.8.5/4.10', 'none', 'expired'),
  '4.3.14.2.2 #17': attemptsExhausted,
  '4.3.14.2.2 #18': no('8.1/4.8', 'little-memory', 'ppk'),
  '4.3.14.2.2 #19': no('8.1.1/3.8', 'another-euicc', 'event'),
  '4.3.14.2.2 #20': no('8.1.1/3.8', 'another-euicc', 'linked'),
  '4.3.14.2.2 #20 bound': boundElsewhere,
  '4.3.14.2.2 #21': no('8.1.1/3.8', 'another-euicc', 'linked-cc'),
  '4.3.14.2.2 eUICC error': no(undefined, 'authenticate-error'),
};
