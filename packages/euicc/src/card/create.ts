import { type CertifiedKey, readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import { findCi, trustCi } from '@esim-rsp/sgp22/pki/trust';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Card, CardCredential } from './card.ts';

export type NewCard = {
  readonly eid: Eid;
  /** CERT.EUICC with its key, and the EUM certificate that issued it: one for each CI, in order of preference. */
  readonly identities: readonly { readonly euicc: CertifiedKey; readonly eumCertificate: Uint8Array }[];
  readonly ciCertificates: readonly Uint8Array[];
  readonly defaultDpAddress?: string;
};

const MEMORY = 512_000;

/** Creates an empty card. Throws a ValueError if the CI of an identity is not among the trusted ones. */
export function createCard({ eid, identities, ciCertificates, defaultDpAddress = '' }: NewCard): Card {
  const cis = ciCertificates.map((certificate) => trustCi(certificate));
  const credentials = identities.map(({ euicc, eumCertificate }): CardCredential => {
    const issuer = readCertificate(eumCertificate).authorityKeyIdentifier;
    const ci = issuer && findCi(cis, issuer);
    if (ci === undefined) throw new ValueError('the EUM certificate is under none of the trusted CIs');
    return {
      ciPKId: ci.keyId,
      euiccCertificate: euicc.certificate.bytes,
      eumCertificate,
      privateKey: euicc.key.exportPem(),
    };
  });
  return {
    eid,
    ciCertificates,
    credentials,
    profiles: [],
    notifications: [],
    nextSeqNumber: 1,
    oneTimeKeys: [],
    defaultDpAddress,
    memory: MEMORY,
  };
}
