import { fromHex } from '@esim-rsp/codec';
import { eidPrefixOf, generateEidUnder, type Issuers as Issuing } from '@esim-rsp/euicc/fault';
import type { DeviceInfo, EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { type Curve, generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { CertificateView, CertifiedKey } from '@esim-rsp/sgp22/pki/certificate';
import type { PkiFiles } from '@esim-rsp/sgp22/pki/files';
import { readCi, readEum, readTrust } from '@esim-rsp/sgp22/pki/pki-set';
import { makeEuicc } from '@esim-rsp/sgp22/pki/test-pki';
import { findCi, type TrustedCi } from '@esim-rsp/sgp22/pki/trust';
import type { Eid } from '@esim-rsp/sgp22/value/eid';

/** The CI and the EUM of one curve, with their keys. They issue the certificates of the test eUICCs. */
export type Issuers = Issuing & {
  /** The CIs that the eUICC trusts: this one, and that of the other curve if the PKI has one. */
  readonly trusted: TrustedCi;
  readonly others: readonly TrustedCi[];
};

export function readIssuers(files: PkiFiles, curve: Curve): Issuers {
  const ci = readCi(files, curve);
  const trust = readTrust(files);
  const trusted = findCi(trust, ci.certificate.subjectKeyIdentifier ?? new Uint8Array());
  if (trusted === undefined) throw new Error(`the CI on ${curve} has no key identifier`);
  return {
    env: { random: systemRandom, now: Date.now(), generateKey: generateSigningKey },
    curve,
    ci,
    eum: readEum(files, curve),
    trusted,
    others: trust.filter((other) => other !== trusted),
  };
}

/** A test eUICC: its keys, and the information about itself and its device. */
export type Euicc = {
  readonly eid: Eid;
  readonly identity: CertifiedKey;
  readonly eumCertificate: CertificateView;
  readonly info: EUICCInfo2;
  readonly deviceInfo: DeviceInfo;
  readonly trust: readonly TrustedCi[];
};

export function newEuicc(issuers: Issuers, eid: Eid): Euicc {
  const { env, eum, trusted } = issuers;
  return {
    eid,
    identity: makeEuicc(env, eum, eid),
    eumCertificate: eum.certificate,
    info: createEuiccInfo2(trusted.keyId),
    deviceInfo: { tac: fromHex('35290611'), deviceCapabilities: {} },
    trust: [trusted],
  };
}

/** svn 2.2.0, the default of SGP.23. */
function createEuiccInfo2(ciPKId: Uint8Array): EUICCInfo2 {
  const version = fromHex('020200');
  return {
    profileVersion: version,
    svn: version,
    euiccFirmwareVer: version,
    extCardResource: fromHex('81010082040007ea328304000016e0'),
    uiccCapability: new Set([1, 2, 4, 6, 7, 8, 14, 16, 17]),
    rspCapability: new Set([0]),
    euiccCiPKIdListForVerification: [ciPKId],
    euiccCiPKIdListForSigning: [ciPKId],
    ppVersion: version,
    sasAcreditationNumber: 'SGP23-TEST',
  };
}

/** A random EID of this EUM, different in each sequence. */
export function generateEid({ eum }: Issuers): Eid {
  return generateEidUnder(eidPrefixOf(eum.certificate), systemRandom);
}
