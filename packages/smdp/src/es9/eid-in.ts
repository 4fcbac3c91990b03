import type { Der } from '@esim-rsp/codec';
import type { Certificate } from '@esim-rsp/sgp22/asn1/pkix';
import { attributesOf, valuesOf } from '@esim-rsp/sgp22/pki/name';
import { type Eid, parseEid } from '@esim-rsp/sgp22/value/eid';

/** The EID that a certificate names. It is not verified: it only says where to look. undefined: it names none. */
export function eidIn(certificate: Der<Certificate>): Eid | undefined {
  const [eid = ''] = valuesOf(
    attributesOf(certificate.value.tbsCertificate.value.subject.value),
    'serialNumber',
  );
  return /^\d{32}$/.test(eid) ? parseEid(eid) : undefined;
}
