import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeWithBytes, encodeWithBytes, extensions, fromHex, toHex } from '@esim-rsp/codec';
import type { Fault } from '@esim-rsp/euicc/fault';
import { device, euiccCertificate, eumCertificate, info } from '@esim-rsp/euicc/fault';
import { type DeviceInfo, EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { PendingNotification, ProfileInstallationResultData } from '@esim-rsp/sgp22/asn1/notification';
import type { CertificatePlan } from '@esim-rsp/sgp22/pki/make-certificate';
import { extensionIds } from '@esim-rsp/sgp22/pki/roles';
import { installationResult, notify } from '../../conformance/sgp23/driver/notification.ts';
import { mustRefuse, runToAuthentication, runToPackage } from '../../conformance/sgp23/driver/sequence.ts';
import { getPackage } from '../../conformance/sgp23/driver/session.ts';
import { startToleranceBench, type ToleranceBench } from './device.ts';

// Each test is a whole download over TLS by a device that says about itself what SGP.22 does not describe.

let bench: ToleranceBench;
before(async () => {
  bench = await startToleranceBench();
});
after(() => bench[Symbol.asyncDispose]());

/** Fields of a later version: a primitive one, a constructed one, and one with a tag of two octets. */
const later = { [extensions]: [fromHex('960101'), fromHex('b903800101'), fromHex('9f7f020304')] };
const tac = fromHex('35290611');
const version = (hex: string) => fromHex(hex);

test('EUICCInfo1 and EUICCInfo2 may have fields that are not known', () =>
  bench.downloads({ fault: info(later) }));

test('DeviceInfo and its capabilities may have fields that are not known', () =>
  bench.downloads({ fault: device({ tac, deviceCapabilities: { ...later }, ...later }) }));

test('euiccSigned1 and euiccSigned2 may have fields that are not known', () =>
  bench.downloads({
    fault: {
      euiccSigned1: (signed) => ({ ...signed, ...later }),
      euiccSigned2: (signed) => ({ ...signed, ...later }),
    },
  }));

test('key identifiers of CIs may have other lengths than 20 octets', () => {
  const odd = [new Uint8Array(0), fromHex('1234'), new Uint8Array(32), new Uint8Array(64)];
  const among = (known: readonly Uint8Array[]) => [...odd, ...known, ...odd];
  const fault: Fault = {
    euiccInfo: (own) => ({
      ...own,
      euiccCiPKIdListForSigning: among(own.euiccCiPKIdListForSigning),
      euiccCiPKIdListForVerification: among(own.euiccCiPKIdListForVerification),
    }),
  };
  return bench.downloads({ fault });
});

test('extCardResource need not be a list of TLVs', async () => {
  for (const extCardResource of ['', 'ff', '8104', '0000000000'].map(fromHex))
    await bench.downloads({ fault: info({ extCardResource }) });
});

test('versions may have any value', async () => {
  for (const any of ['000000', 'ffffff', '7f8000'].map(version)) {
    const fault = info({
      profileVersion: any,
      euiccFirmwareVer: any,
      ts102241Version: any,
      globalplatformVersion: any,
      ppVersion: any,
      additionalEuiccProfilePackageVersions: [any],
    });
    await bench.downloads({ fault });
  }
  await bench.downloads({ fault: info({ svn: version('02ffff') }) });
});

test('releases of the device may have any value', () => {
  const any = version('ffffff');
  const deviceCapabilities: DeviceInfo['deviceCapabilities'] = {
    gsmSupportedRelease: any,
    eutranEpcSupportedRelease: version('000000'),
    nrEpcSupportedRelease: any,
    lpaSvn: any,
    rspCrlSupportedVersion: any,
  };
  return bench.downloads({ fault: device({ tac: fromHex('ffffffff'), deviceCapabilities }) });
});

test('hashCc may be empty where no confirmation code is required', () =>
  bench.downloads({ fault: { euiccSigned2: (signed) => ({ ...signed, hashCc: new Uint8Array(0) }) } }));

test('an empty hashCc is a missing one (8.2.7/2.2) where a code is required, and costs no attempt', async () => {
  const fault: Fault = { euiccSigned2: (signed) => ({ ...signed, hashCc: new Uint8Array(0) }) };
  const { lpa, order } = await bench.device({ kind: 'open-cc', fault });
  const session = await runToAuthentication(lpa, order);
  for (let attempt = 0; attempt < 10; attempt++)
    await mustRefuse('getBoundProfilePackage', '8.2.7/2.2', getPackage(lpa, session, order));
  await getPackage({ ...lpa, fault: {} }, session, order);
});

/** Octets with one part of them written otherwise; it must be there once. */
function rewritten(octets: Uint8Array, ...parts: readonly [from: string, to: string][]): Uint8Array {
  let hex = toHex(octets).toLowerCase();
  for (const [from, to] of parts) {
    assert.equal(hex.split(from).length, 2, from);
    hex = hex.replace(from, to);
  }
  return fromHex(hex);
}

test('named bits may have trailing zeros, and are signed over as they came', async () => {
  const { lpa, order } = await bench.device({
    fault: {
      ...info({ forbiddenProfilePolicyRules: new Set([1]) }),
      euiccSigned1: (signed) => {
        const octets = rewritten(
          signed.euiccInfo2.bytes,
          ['850406', '850400'], // uiccCapability
          ['88020780', '88020080'], // rspCapability
          ['99020640', '99020040'], // forbiddenProfilePolicyRules
        );
        return { ...signed, euiccInfo2: decodeWithBytes(EUICCInfo2, octets) };
      },
    },
  });
  const pending = installationResult(lpa, await runToPackage(lpa, order)).value;
  assert.ok('profileInstallationResult' in pending);
  const { bytes } = pending.profileInstallationResult.profileInstallationResultData;
  const octets = rewritten(bytes, ['81020780', '81020480']); // profileManagementOperation
  const profileInstallationResult = {
    profileInstallationResultData: decodeWithBytes(ProfileInstallationResultData, octets),
    euiccSignPIR: lpa.euicc.identity.key.sign(octets),
  };
  await notify(lpa, encodeWithBytes(PendingNotification, { profileInstallationResult }));
  await bench.mustBe('INSTALLED', order);
});

const farAndLong = (plan: CertificatePlan): CertificatePlan => ({
  ...plan,
  notAfter: Date.UTC(7496, 0, 24, 9, 48, 52),
  serialNumber: fromHex('00e1b2c3d4e5f60718'),
});

test('the eUICC certificate may be valid to the year 7496 and have a serial number of 9 octets', () =>
  bench.downloads({ fault: { identity: euiccCertificate(farAndLong) } }));

test('the EUM certificate may be valid to the year 7496 and have a serial number of 9 octets', () =>
  bench.downloads({ fault: { identity: eumCertificate(farAndLong) } }));

test('the EUM certificate may have critical name constraints, and non-critical ones', async () => {
  for (const critical of [true, false]) {
    const change = (plan: CertificatePlan): CertificatePlan => {
      assert.ok(plan.extensions.some(({ extnID }) => extnID === extensionIds.nameConstraints));
      const changed = plan.extensions.map((one) =>
        one.extnID === extensionIds.nameConstraints ? { ...one, critical } : one,
      );
      return { ...plan, extensions: changed };
    };
    await bench.downloads({ fault: { identity: eumCertificate(change) } });
  }
});
