import {
  asciiString,
  bitOctets,
  boolean,
  choice,
  defaulted,
  type Infer,
  integer,
  integerOctets,
  kept,
  objectIdentifier,
  octetString,
  optional,
  raw,
  sequence,
  sequenceOf,
  utf8String,
} from '@esim-rsp/codec';

/** X.509 certificates as far as RSP uses them (RFC 5280 4.1). What is not listed is kept and passed over. */

export const AlgorithmIdentifier = sequence({
  algorithm: objectIdentifier,
  parameters: optional(objectIdentifier),
});

const DirectoryString = choice({
  utf8: utf8String(1024),
  printable: asciiString('13'),
  ia5: asciiString('16'),
  teletex: raw(0x14),
  universal: raw(0x1c),
  bmp: raw(0x1e),
});

export const AttributeTypeAndValue = sequence({ type: objectIdentifier, value: DirectoryString });
export const Name = sequenceOf(sequenceOf(AttributeTypeAndValue, 16).as('31'), 64);
export type Name = Infer<typeof Name>;

export const Time = choice({ utcTime: asciiString('17'), generalTime: asciiString('18') });

export const SubjectPublicKeyInfo = sequence({
  algorithm: AlgorithmIdentifier,
  subjectPublicKey: bitOctets,
});

export const Extension = sequence({
  extnID: objectIdentifier,
  critical: defaulted(boolean, false),
  extnValue: octetString(),
});

export const TBSCertificate = sequence({
  version: optional(sequence({ number: integer(0, 2) }).as('A0')),
  serialNumber: integerOctets,
  signature: AlgorithmIdentifier,
  issuer: kept(Name),
  validity: sequence({ notBefore: Time, notAfter: Time }),
  subject: kept(Name),
  subjectPublicKeyInfo: kept(SubjectPublicKeyInfo),
  extensions: optional(sequence({ list: sequenceOf(Extension, 64) }).as('A3')),
});

export const Certificate = sequence({
  tbsCertificate: kept(TBSCertificate),
  signatureAlgorithm: AlgorithmIdentifier,
  signatureValue: bitOctets,
});
export type Certificate = Infer<typeof Certificate>;
