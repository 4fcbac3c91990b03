import { type Der, decodeWithBytes, fromBase64, toBase64, toHex } from '@esim-rsp/codec';
import { Certificate } from '../asn1/pkix.ts';
import { type Curve, importVerifyingKey, type LocalSigningKey, type VerifyingKey } from '../crypto/ecdsa.ts';
import { type ExtensionValues, readExtensions } from './extensions.ts';
import { type Attribute, attributesOf, valuesOf } from './name.ts';
import { curveIds } from './roles.ts';
import { readTime } from './time.ts';

/** A certificate and the fields that RSP uses (4.5.2). Nothing is verified. */
export type CertificateView = Der<Certificate> &
  ExtensionValues & {
    /** The content octets of the INTEGER in hexadecimal, whatever number they are. */
    readonly serialNumber: string;
    readonly subject: Subject;
    /** Unix milliseconds; the certificate is valid at both ends of the period. */
    readonly notBefore: number;
    readonly notAfter: number;
    /** undefined: the key is on another curve. */
    readonly curve: Curve | undefined;
    /** The subject's key, imported at the first call. Throws a RangeError if it is not a point on one of the curves. */
    readonly publicKey: () => VerifyingKey;
  };

/** A certificate and the private key that belongs to it. */
export type CertifiedKey = { readonly certificate: CertificateView; readonly key: LocalSigningKey };

export type Subject = {
  readonly attributes: readonly Attribute[];
  readonly commonName: string | undefined;
  readonly organization: string | undefined;
  readonly serialNumber: string | undefined;
};

/** Reads a certificate; throws a DerError if it, or an extension that RSP uses, cannot be read. */
export function readCertificate(source: Der<Certificate> | Uint8Array): CertificateView {
  const der = source instanceof Uint8Array ? decodeWithBytes(Certificate, source) : source;
  const tbs = der.value.tbsCertificate.value;
  return {
    ...readExtensions(tbs.extensions?.list ?? []),
    value: der.value,
    bytes: der.bytes,
    serialNumber: toHex(tbs.serialNumber),
    subject: subjectOf(attributesOf(tbs.subject.value)),
    notBefore: readTime(tbs.validity.notBefore),
    notAfter: readTime(tbs.validity.notAfter),
    curve: curveOf(tbs.subjectPublicKeyInfo.value.algorithm.parameters),
    publicKey: lazy(() => importVerifyingKey(tbs.subjectPublicKeyInfo.bytes)),
  };
}

function subjectOf(attributes: Attribute[]): Subject {
  const first = (name: Parameters<typeof valuesOf>[1]) => valuesOf(attributes, name)[0];
  return {
    attributes,
    commonName: first('commonName'),
    organization: first('organization'),
    serialNumber: first('serialNumber'),
  };
}

function curveOf(namedCurve: string | undefined): Curve | undefined {
  const found = Object.entries(curveIds).find(([, id]) => id === namedCurve);
  return found?.[0] as Curve | undefined;
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The certificates of a file, each in DER. The file is one certificate in DER, or any number in PEM; empty if it has none. */
export function certificatesIn(file: Uint8Array): Uint8Array[] {
  if (file[0] === 0x30) return [file];
  const text = new TextDecoder().decode(file);
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g);
  return Array.from(blocks, ([, body]) => fromBase64(body as string));
}

/** The same certificate in PEM. */
export function certificatePem(certificate: CertificateView): string {
  const lines = toBase64(certificate.bytes).match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
