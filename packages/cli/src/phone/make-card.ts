import { type Card, createCard } from '@esim-rsp/euicc';
import { curves } from '@esim-rsp/server/keys/smdp-keys';
import { type Curve, generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { CertifiedKey } from '@esim-rsp/sgp22/pki/certificate';
import { filesOfRole, PkiError, type PkiFiles } from '@esim-rsp/sgp22/pki/files';
import { readEuiccCertificates, readEum, readTrust } from '@esim-rsp/sgp22/pki/pki-set';
import { makeEuicc } from '@esim-rsp/sgp22/pki/test-pki';
import type { Eid } from '@esim-rsp/sgp22/value/eid';

export type CardRequest = {
  readonly files: PkiFiles;
  /** Absent: that of the eUICC whose key is in the PKI, else `drawn`. */
  readonly eid?: Eid;
  readonly drawn: Eid;
  readonly defaultDpAddress: string;
  /** Absent: all that the PKI has. */
  readonly curve?: Curve;
};

type Identity = { readonly euicc: CertifiedKey; readonly eumCertificate: Uint8Array };

/**
 * A card of this PKI: made by its EUM, where the key of that is there, else one whose own key is there. Throws a PkiError when the
 * PKI has neither.
 */
export function makeCard({ files, eid, drawn, defaultDpAddress, curve: only }: CardRequest): Card {
  const isWanted = (curve: Curve) => only === undefined || curve === only;
  const ciCertificates = readTrust(files)
    .filter(({ publicKey }) => isWanted(publicKey.curve))
    .map(({ certificate }) => certificate.bytes);
  const wanted = curves.filter(isWanted);
  const issued = issuedIdentities(files, eid ?? drawn, wanted);
  if (issued.length > 0)
    return createCard({ eid: eid ?? drawn, identities: issued, ciCertificates, defaultDpAddress });
  const present = wanted.flatMap((curve) => readEuiccCertificates(files, curve));
  const own = present.filter((euicc) => eid === undefined || euicc.eid === eid);
  const [first] = own;
  if (first === undefined)
    throw new PkiError(
      `the PKI has neither the key of an EUM nor that of ${eid ? `the eUICC ${eid}` : 'an eUICC'}${only ? ` on ${only}` : ''}`,
    );
  const identities = own
    .filter((euicc) => euicc.eid === first.eid)
    .map(({ eumCertificate, ...euicc }) => ({ euicc, eumCertificate: eumCertificate.bytes }));
  return createCard({ eid: first.eid, identities, ciCertificates, defaultDpAddress });
}

/** One identity per curve on which the EUM can issue. */
function issuedIdentities(files: PkiFiles, eid: Eid, wanted: readonly Curve[]): Identity[] {
  if (filesOfRole(files, 'eum').keys.length === 0) return [];
  const held = wanted.filter((curve) =>
    filesOfRole(files, 'eum').certificates.some(({ certificate }) => certificate.curve === curve),
  );
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  return held.map((curve) => {
    const eum = readEum(files, curve);
    return { euicc: makeEuicc(env, eum, eid), eumCertificate: eum.certificate.bytes };
  });
}
