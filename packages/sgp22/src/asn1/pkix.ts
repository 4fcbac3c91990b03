import {
  asciiString,
  bitOctets,
  boolean,
  choice,
  explicit,
  type Infer,
  integer,
  integerOctets,
  namedBits,
  objectIdentifier,
  octetString,
  optional,
  raw,
  sequence,
  sequenceOf,
  utf8String,
  withBytes,
  withDefault,
} from '@esim-rsp/codec';

/** X.509 certificates as far as RSP uses them (RFC 5280 4.1). Other fields are kept but not read. */

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
  critical: withDefault(boolean, false),
  extnValue: octetString(),
});
export type Extension = Infer<typeof Extension>;

export const TBSCertificate = sequence({
  version: optional(sequence({ number: integer(0, 2) }).as('A0')),
  serialNumber: integerOctets,
  signature: AlgorithmIdentifier,
  issuer: withBytes(Name),
  validity: sequence({ notBefore: Time, notAfter: Time }),
  subject: withBytes(Name),
  subjectPublicKeyInfo: withBytes(SubjectPublicKeyInfo),
  extensions: optional(sequence({ list: sequenceOf(Extension, 64) }).as('A3')),
});

export const Certificate = sequence({
  tbsCertificate: withBytes(TBSCertificate),
  signatureAlgorithm: AlgorithmIdentifier,
  signatureValue: bitOctets,
});
export type Certificate = Infer<typeof Certificate>;

/** Values of extensions (RFC 5280 4.2.1), each the content of one `extnValue`. */

export const BasicConstraints = sequence({
  cA: withDefault(boolean, false),
  pathLenConstraint: optional(integer(0, 255)),
});

/** Bit numbers; their names are in pki/roles.ts. */
export const KeyUsage = namedBits;

export const ExtendedKeyUsage = sequenceOf(objectIdentifier, 32);

export const CertificatePolicies = sequenceOf(sequence({ policyIdentifier: objectIdentifier }), 32);

/** IA5String under a context tag, as in GeneralName. */
const ia5 = (tag: string) => asciiString('16').as(tag);

export const GeneralName = choice({
  otherName: raw(0xa0),
  rfc822Name: ia5('81'),
  dNSName: ia5('82'),
  x400Address: raw(0xa3),
  directoryName: explicit('A4', Name),
  ediPartyName: raw(0xa5),
  uniformResourceIdentifier: ia5('86'),
  iPAddress: octetString(4, 32).as('87'),
  registeredID: objectIdentifier.as('88'),
});
export const GeneralNames = sequenceOf(GeneralName, 64);

export const KeyIdentifier = octetString(1, 64);
export const AuthorityKeyIdentifier = sequence({ keyIdentifier: optional(KeyIdentifier.as('80')) });

const GeneralSubtrees = sequenceOf(sequence({ base: GeneralName }), 256);
export const NameConstraints = sequence({
  permittedSubtrees: optional(GeneralSubtrees.as('A0')),
  excludedSubtrees: optional(GeneralSubtrees.as('A1')),
});

/** One URI per distribution point, which is all that RSP uses. */
export const CRLDistributionPoints = sequenceOf(
  sequence({ distributionPoint: optional(explicit('A0', GeneralNames.as('A0'))) }),
  32,
);

/** permittedEins (SGP.22 v3): the EIN prefixes that an EUM may issue. */
export const PermittedEins = sequenceOf(asciiString('13'), 256);

/** Certification requests (RFC 2986 4.1). `values` of an attribute is a SET OF whatever its type says. */
const RequestAttribute = sequence({ type: objectIdentifier, values: raw(0x31) });

export const CertificationRequestInfo = sequence({
  version: integer(0, 0),
  subject: withBytes(Name),
  subjectPKInfo: withBytes(SubjectPublicKeyInfo),
  attributes: optional(sequenceOf(RequestAttribute, 16).as('A0')),
});

export const CertificationRequest = sequence({
  certificationRequestInfo: withBytes(CertificationRequestInfo),
  signatureAlgorithm: AlgorithmIdentifier,
  signature: bitOctets,
});
export type CertificationRequest = Infer<typeof CertificationRequest>;

/** The values of the attribute extensionRequest (RFC 2985 5.4.2): one list of extensions. */
export const ExtensionRequest = sequenceOf(sequenceOf(Extension, 64), 1).as('31');
