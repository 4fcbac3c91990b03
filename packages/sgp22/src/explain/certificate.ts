import { DerError, toHex } from '@esim-rsp/codec';
import { type CertificateView, readCertificate } from '../pki/certificate.ts';
import { type Attribute, attributesOf } from '../pki/name.ts';
import { attributeIds, extendedKeyUsages, roles } from '../pki/roles.ts';
import { type Node, shortText, tlvNode } from './node.ts';
import { describeOid } from './oid-names.ts';
import type { View } from './walk.ts';

/** Describes a certificate by the fields that RSP uses (4.5.2). One that cannot be read is shown field by field. */
export const certificateView: View = (name, tlv) => {
  try {
    return { ...tlvNode(name, tlv), ...summarize(readCertificate(tlv.bytes)) };
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
};

const roleTitles: Readonly<Record<string, string>> = {
  [roles.ci]: 'CERT.CI: the certificate issuer',
  [roles.euicc]: 'CERT.EUICC: an eUICC',
  [roles.eum]: 'CERT.EUM: an eUICC manufacturer',
  [roles['dp-tls']]: 'CERT.DP.TLS: TLS of an SM-DP+',
  [roles['dp-auth']]: 'CERT.DPauth: authentication of an SM-DP+',
  [roles['dp-pb']]: 'CERT.DPpb: profile package binding of an SM-DP+',
  [roles['ds-tls']]: 'CERT.DS.TLS: TLS of an SM-DS',
  [roles['ds-auth']]: 'CERT.DSauth: authentication of an SM-DS',
};

type Line = readonly [name: string, value: string | undefined];

function summarize(certificate: CertificateView): Pick<Node, 'value' | 'children'> {
  const role = certificate.policies.map((policy) => roleTitles[policy]).find((title) => title !== undefined);
  const issuer = attributesOf(certificate.value.tbsCertificate.value.issuer.value);
  const isEuicc = certificate.policies.includes(roles.euicc);
  const { serialNumber } = certificate.subject;
  const lines: Line[] = [
    ['serialNumber', certificate.serialNumber.toUpperCase()],
    ['subject', nameText(certificate.subject.attributes)],
    ['EID', isEuicc && serialNumber !== undefined ? shortText(serialNumber) : undefined],
    ['issuer', nameText(issuer)],
    ['notBefore', new Date(certificate.notBefore).toISOString()],
    ['notAfter', new Date(certificate.notAfter).toISOString()],
    ['subjectPublicKey', `on ${certificate.curve ?? 'an unknown curve'}`],
    ['signatureAlgorithm', describeOid(certificate.value.signatureAlgorithm.algorithm)],
    ...extensionLines(certificate),
  ];
  const children = lines.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  return { value: role ?? 'no RSP role', children };
}

function extensionLines(certificate: CertificateView): Line[] {
  const { isCa, pathLength, subjectKeyIdentifier, authorityKeyIdentifier, eidRanges = [] } = certificate;
  const path = pathLength === undefined ? '' : `, at most ${pathLength} CAs below it`;
  const usages = Object.values<string>(extendedKeyUsages);
  return [
    ['subjectKeyIdentifier', hex(subjectKeyIdentifier)],
    ['authorityKeyIdentifier', hex(authorityKeyIdentifier)],
    ['basicConstraints', isCa ? `a CA${path}` : undefined],
    ['keyUsage', list(certificate.keyUsage)],
    [
      'extendedKeyUsage',
      list(certificate.extendedKeyUsage.map((oid) => (usages.includes(oid) ? describeOid(oid) : oid))),
    ],
    ['certificatePolicies', list(certificate.policies.map(describeOid))],
    ['registeredID', list(certificate.registeredIds)],
    ['dNSName', list(certificate.dnsNames)],
    ['iPAddress', list(certificate.ipAddresses.map(ipText))],
    [
      'EIDs that it may issue',
      list(eidRanges.map(({ eidPrefix, attributes }) => `${eidPrefix}… with ${nameText(attributes)}`)),
    ],
    ['permittedEins', list(certificate.permittedEins ?? [])],
    ['cRLDistributionPoints', list(certificate.crlUris)],
    ['unknown critical extensions', list(certificate.unknownCritical)],
  ];
}

const hex = (octets: Uint8Array | undefined) => octets && toHex(octets).toUpperCase();
const list = (texts: readonly string[]) => (texts.length === 0 ? undefined : shortText(texts.join(', ')));

function ipText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  return toHex(octets).replace(/(....)(?=.)/g, '$1:');
}

const shortNames: Readonly<Record<string, string>> = {
  [attributeIds.commonName]: 'CN',
  [attributeIds.country]: 'C',
  [attributeIds.organization]: 'O',
  [attributeIds.organizationalUnit]: 'OU',
  [attributeIds.serialNumber]: 'serialNumber',
};

function nameText(attributes: readonly Attribute[]): string {
  return shortText(attributes.map(({ type, text }) => `${shortNames[type] ?? type}=${text}`).join(', '));
}
