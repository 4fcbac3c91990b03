import { type Der, encodeWithBytes, type Infer, toHex } from '@esim-rsp/codec';
import { type AttributeTypeAndValue, Name } from '../asn1/pkix.ts';
import { type AttributeName, attributeIds } from './roles.ts';

/** One attribute of a name: its type as a dotted OID, its value as text (`#` and hexadecimal for unusual string types). */
export type Attribute = { readonly type: string; readonly text: string };

type DirectoryString = Infer<typeof AttributeTypeAndValue>['value'];

function textOf(value: DirectoryString): string {
  if ('utf8' in value) return value.utf8;
  if ('printable' in value) return value.printable;
  if ('ia5' in value) return value.ia5;
  const [bytes] = Object.values(value) as [Uint8Array];
  return `#${toHex(bytes)}`;
}

/** The attributes of a name in their order. */
export function attributesOf(name: Name): Attribute[] {
  return name.flat().map(({ type, value }) => ({ type, text: textOf(value) }));
}

/** All values of one attribute. */
export function valuesOf(attributes: readonly Attribute[], name: AttributeName): string[] {
  return attributes.filter(({ type }) => type === attributeIds[name]).map(({ text }) => text);
}

/**
 * Whether two names are the same (RFC 5280 7.1): the same attributes in the same RDNs. Case, runs of blanks and the string type do
 * not matter; strings of unusual types must have the same octets.
 */
export function isSameName(a: Name, b: Name): boolean {
  return a.length === b.length && a.every((rdn, at) => comparable(rdn) === comparable(b[at] ?? []));
}

/** One RDN as text: its attributes are a set. */
function comparable(rdn: Name[number]): string {
  const attributes = rdn.map(({ type, value }) => [type, normalize(textOf(value))]);
  return JSON.stringify(
    attributes.sort(([a, textA], [b, textB]) => (`${a} ${textA}` < `${b} ${textB}` ? -1 : 1)),
  );
}

function normalize(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** Country codes and serial numbers are PrintableString (RFC 5280 appendix A.1), everything else UTF8String. */
const PRINTABLE: ReadonlySet<AttributeName> = new Set<AttributeName>(['country', 'serialNumber']);

/** The attributes of a name, in the order in which they are written. */
export type NameParts = { readonly [K in AttributeName]?: string };

/** A Name with one attribute per RDN. */
export function buildName(parts: NameParts): Name {
  return (Object.entries(parts) as [AttributeName, string][]).map(([name, text]) => [
    { type: attributeIds[name], value: PRINTABLE.has(name) ? { printable: text } : { utf8: text } },
  ]);
}

export function encodeName(parts: NameParts): Der<Name> {
  return encodeWithBytes(Name, buildName(parts));
}
