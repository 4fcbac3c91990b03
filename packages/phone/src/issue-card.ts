import { type Card, createCard } from '@esim-rsp/euicc';
import { type Curve, curves, generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { CertifiedKey } from '@esim-rsp/sgp22/pki/certificate';
import { filesOfRole, PkiError, type PkiFiles } from '@esim-rsp/sgp22/pki/files';
import { readEuiccCertificates, readEum, readTrust } from '@esim-rsp/sgp22/pki/pki-set';
import { makeEuicc } from '@esim-rsp/sgp22/pki/test-pki';
import { completeEid, type Eid } from '@esim-rsp/sgp22/value/eid';

export type CardRequest = {
  readonly pki: PkiFiles;
  /** The EID that the card must have. */
  readonly eid?: Eid | undefined;
  /** The EID of a card that the EUM issues if `eid` is absent; a random one in the range of the test EUM if this is absent too. */
  readonly suggestedEid?: Eid | undefined;
  /** Its default SM-DP+; empty if it has none. */
  readonly defaultDpAddress: string;
  /** The curve of its certificates and CIs; all that the PKI has if absent. */
  readonly curve?: Curve | undefined;
};

type Identity = { readonly euicc: CertifiedKey; readonly eumCertificate: Uint8Array };

/**
 * Issues an empty card under a PKI: by its EUM if the PKI has the key of the EUM, else with an eUICC certificate and key that are in the
 * PKI. Throws a PkiError if it has neither.
 */
export function issueCard(request: CardRequest): Card {
  const { pki, eid, defaultDpAddress, curve: only } = request;
  const wanted = curves.filter((curve) => only === undefined || curve === only);
  const ciCertificates = readTrust(pki)
    .filter(({ publicKey }) => wanted.includes(publicKey.curve))
    .map(({ certificate }) => certificate.bytes);
  const newEid = eid ?? request.suggestedEid ?? randomEid();
  const issued = issueIdentities(pki, newEid, wanted);
  if (issued.length > 0)
    return createCard({ eid: newEid, identities: issued, ciCertificates, defaultDpAddress });
  const present = wanted.flatMap((curve) => readEuiccCertificates(pki, curve));
  const usable = present.filter((euicc) => eid === undefined || euicc.eid === eid);
  const [first] = usable;
  if (first === undefined)
    throw new PkiError(
      `the PKI has neither the key of an EUM nor that of ${eid ? `the eUICC ${eid}` : 'an eUICC'}${only ? ` on ${only}` : ''}`,
    );
  const identities = usable
    .filter((euicc) => euicc.eid === first.eid)
    .map(({ eumCertificate, ...euicc }) => ({ euicc, eumCertificate: eumCertificate.bytes }));
  return createCard({ eid: first.eid, identities, ciCertificates, defaultDpAddress });
}

/** One identity for each curve on which the EUM can issue. */
function issueIdentities(files: PkiFiles, eid: Eid, wanted: readonly Curve[]): Identity[] {
  if (filesOfRole(files, 'eum').keys.length === 0) return [];
  const available = wanted.filter((curve) =>
    filesOfRole(files, 'eum').certificates.some(({ certificate }) => certificate.curve === curve),
  );
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  return available.map((curve) => {
    const eum = readEum(files, curve);
    return { euicc: makeEuicc(env, eum, eid), eumCertificate: eum.certificate.bytes };
  });
}

/** An EID in the range of the test EUM. */
function randomEid(): Eid {
  const digits = [...systemRandom(22)].map((octet) => octet % 10).join('');
  return completeEid(`89049032${digits}`);
}
