import {
  bitOctets,
  explicit,
  integer,
  nul,
  objectIdentifier,
  octetString,
  optional,
  type Part,
  type Shape,
  sequence,
  sequenceOf,
  type Type,
  utf8String,
} from '@esim-rsp/codec';
import * as authentication from '../asn1/authentication.ts';
import * as boundProfilePackage from '../asn1/bound-profile-package.ts';
import { Aid, Iccid, PublicKey, Signature, SubjectKeyIdentifier } from '../asn1/common.ts';
import * as download from '../asn1/download.ts';
import * as es10 from '../asn1/es10.ts';
import * as euiccInfo from '../asn1/euicc-info.ts';
import * as notification from '../asn1/notification.ts';
import { AlgorithmIdentifier, Certificate, SubjectPublicKeyInfo } from '../asn1/pkix.ts';
import { asn1Messages } from '../functions/asn1-binding.ts';
import type { Es9Name } from '../functions/es9plus.ts';

/** The types that `explain` recognizes, by their names in the specification. */

/** The status of profile elements inside simaResponse (TCA Profile Interoperability 8.11). */
export const EUICCResponse = sequence({
  peStatus: optional(
    sequenceOf(
      sequence({
        status: integer(0, 255).as('80'),
        identificationNumber: optional(integer().as('81')),
        additionalInformation: optional(integer().as('82')),
        offset: optional(integer().as('83')),
      }),
    ).as('A0'),
  ),
  profileInstallationAborted: optional(nul.as('81')),
  statusMessage: optional(utf8String().as('82')),
});

const algorithm = AlgorithmIdentifier;

/** PKCS #8 (RFC 5208) and SEC 1 (RFC 5915): recognized so that they are hidden. */
const PrivateKeyInfo = sequence({ version: integer(0, 1), algorithm, privateKey: octetString(1, 512) });
const ECPrivateKey = sequence({
  version: integer(1, 1),
  privateKey: octetString(16, 66),
  parameters: optional(explicit('A0', objectIdentifier)),
  publicKey: optional(explicit('A1', bitOctets)),
});

const EidValue = octetString(16).as('5A');

function isType(value: unknown): value is Type<unknown> {
  return typeof value === 'object' && value !== null && 'tags' in value && 'shape' in value;
}

/** The types of one file by name, without single values and choices: their tags do not identify them. */
function typesOf(file: object): [string, Type<unknown>][] {
  return Object.entries(file).filter(
    (entry): entry is [string, Type<unknown>] =>
      isType(entry[1]) && entry[1].shape.kind !== 'value' && entry[1].shape.kind !== 'choice',
  );
}

const named: readonly (readonly [string, Type<unknown>])[] = [
  ...[notification, authentication, download, boundProfilePackage, euiccInfo, es10].flatMap(typesOf),
  ['CtxParams1', authentication.CtxParams1],
  ['SubjectPublicKeyInfo', SubjectPublicKeyInfo],
  ['Certificate', Certificate],
  ['EUICCResponse', EUICCResponse],
  ['PrivateKeyInfo', PrivateKeyInfo],
  ['ECPrivateKey', ECPrivateKey],
];

/** Single values that are recognized by their tag or length. */
const values: readonly (readonly [string, Type<unknown>])[] = [
  ['Signature', Signature],
  ['PublicKey', PublicKey],
  ['Iccid', Iccid],
  ['eidValue', EidValue],
  ['Aid', Aid],
  ['hashCc', download.HashCc],
  ['SubjectKeyIdentifier', SubjectKeyIdentifier],
  ['OBJECT IDENTIFIER', objectIdentifier],
];

/** The alternatives of a choice, also inside a wrapper. */
function partsOf({ shape }: Type<unknown>): readonly Part[] {
  if (shape.kind === 'explicit') return partsOf(shape.member);
  return shape.kind === 'choice' ? shape.alternatives : [];
}

type BindingType = { readonly name: string; readonly type: Type<unknown>; readonly responseTo?: Es9Name };

/** The messages of the ASN.1 binding of ES9+: whole, without the A2 around them, and the content of a successful response. */
export const bindingTypes: readonly BindingType[] = [
  { name: 'RemoteProfileProvisioningRequest', type: asn1Messages.request },
  ...partsOf(asn1Messages.request).map(({ name, type }) => ({ name: `${capitalize(name)}Request`, type })),
  ...(Object.entries(asn1Messages.responses) as [Es9Name, Type<unknown>][]).flatMap(([responseTo, type]) => {
    const inner = type.shape.kind === 'explicit' ? type.shape.member : type;
    const ok = partsOf(inner).filter((part) => part.name === 'ok');
    return [
      { name: 'RemoteProfileProvisioningResponse', type, responseTo },
      { name: `${capitalize(responseTo)}Response`, type: inner, responseTo },
      ...ok.map((part) => ({ name: `${capitalize(responseTo)}Ok`, type: part.type.as('30') })),
    ];
  }),
];

function capitalize(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

const nameOfShape = new Map<Shape, string>();
for (const { name, type } of bindingTypes) nameOfShape.set(type.shape, name);
for (const [name, { shape }] of named) if (!nameOfShape.has(shape)) nameOfShape.set(shape, name);

/** The name of a type, whatever tag it has; undefined if it has no name. */
export function typeName({ shape }: Type<unknown>): string | undefined {
  return nameOfShape.get(shape);
}

/** All known types with this tag. */
export function typesWithTag(tag: number): readonly (readonly [string, Type<unknown>])[] {
  return [...named, ...values].filter(([, type]) => type.tags.includes(tag));
}
