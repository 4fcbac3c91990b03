import { fromHex } from '@esim-rsp/codec';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { type Curve, generateSigningKey, type LocalSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { generateOneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { CertificateView } from '@esim-rsp/sgp22/pki/certificate';
import { readEum } from '@esim-rsp/sgp22/pki/pki-set';
import { makeEuicc } from '@esim-rsp/sgp22/pki/test-pki';
import { completeEid } from '@esim-rsp/sgp22/value/eid';

/** An eUICC with valid certificates, its key, and a one-time key that was generated before the measurement. */
export type Card = {
  readonly certificate: CertificateView;
  readonly eumCertificate: CertificateView;
  readonly key: LocalSigningKey;
  readonly otPk: Uint8Array;
};

/** Creates eUICCs under the EUM of a PKI folder. */
export async function makeCards(pkiDirectory: string, count: number, curve: Curve): Promise<readonly Card[]> {
  const files = await readPkiDirectory(pkiDirectory);
  if (files === undefined) throw new Error(`there is no PKI in ${pkiDirectory}`);
  const eum = readEum(files, curve);
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  return Array.from({ length: count }, (_, i) => {
    const { certificate, key } = makeEuicc(env, eum, completeEid(`89049032${String(i).padStart(22, '0')}`));
    const { otPk } = generateOneTimeKey(curve, systemRandom);
    return { certificate, eumCertificate: eum.certificate, key, otPk };
  });
}

const version = fromHex('020200');

/** EUICCInfo2 of these cards; EUICCInfo1 is a part of it. */
export function euiccInfo2(ciPKId: Uint8Array) {
  return {
    profileVersion: version,
    svn: version,
    euiccFirmwareVer: version,
    extCardResource: fromHex('81010082040007ea328304000016e0'),
    uiccCapability: new Set([1, 4, 14]),
    rspCapability: new Set([0]),
    euiccCiPKIdListForVerification: [ciPKId],
    euiccCiPKIdListForSigning: [ciPKId],
    ppVersion: version,
    sasAcreditationNumber: 'BENCH',
  };
}
