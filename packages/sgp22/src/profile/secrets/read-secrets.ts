import { DerError, readAt, type Tlv } from '@esim-rsp/codec';
import { makeUnprintable } from '../../crypto/secret.ts';
import { elementNames } from '../elements.ts';
import type { OtaKey } from '../parameter-fields.ts';
import { ProfilePackageError } from '../read.ts';

/** The OTA keys of one key version of the operator's security domain. */
export type OtaKeyset = { readonly keyset: number } & { readonly [N in OtaKey]?: Uint8Array };

/** Codes and OTA keys of a profile, as far as its package has them. Digits; ADM1 and keys: octets. */
export type ProfileSecrets = {
  readonly pin1?: string;
  readonly pin2?: string;
  readonly puk1?: string;
  readonly puk2?: string;
  readonly adm1?: Uint8Array;
  readonly otaKeys: readonly OtaKeyset[];
};

/** Key references (ETSI TS 102 221 9.5.1). */
const PIN1 = 0x01;
const PIN2 = 0x81;
const ADM1 = 0x0a;
/** Key versions of SCP80 (ETSI TS 102 226 8.2). Higher ones are keys of other protocols. */
const LAST_OTA_VERSION = 0x0f;

/**
 * Reads codes and OTA keys from an unprotected profile package (TCA Profile Interoperability 8.4 to 8.7). The keys are those of the
 * first security domain, which is the operator's. The result has no printable form; throws a ProfilePackageError.
 */
export function readProfileSecrets(upp: Uint8Array): ProfileSecrets {
  try {
    const elements = elementsOf(upp);
    const pins = new Map(entriesOf(elements, 'pinCodes', [0xa1, 0xa0]).map(codeOf));
    const puks = new Map(entriesOf(elements, 'pukCodes', [0xa1]).map(codeOf));
    const adm1 = pins.get(ADM1);
    return makeUnprintable('ProfileSecrets', {
      ...digitsOf('pin1', pins.get(PIN1)),
      ...digitsOf('pin2', pins.get(PIN2)),
      ...digitsOf('puk1', puks.get(PIN1)),
      ...digitsOf('puk2', puks.get(PIN2)),
      ...(adm1 !== undefined && { adm1 }),
      otaKeys: otaKeysIn(elements),
    });
  } catch (error) {
    if (error instanceof DerError)
      throw new ProfilePackageError(`the codes of the profile package cannot be read: ${error.message}`, {
        cause: error,
      });
    throw error;
  }
}

function elementsOf(upp: Uint8Array): Tlv[] {
  const elements: Tlv[] = [];
  for (let offset = 0; offset < upp.length; ) {
    const element = readAt(upp, offset);
    elements.push(element);
    offset = element.end;
  }
  return elements;
}

/** The entries of all elements of a name, inside these members. */
function entriesOf(elements: readonly Tlv[], name: string, path: readonly number[]): Tlv[] {
  return elements
    .filter(({ tag }) => elementNames[tag] === name)
    .flatMap((element) => inside(element, path)?.children() ?? []);
}

function inside(element: Tlv, path: readonly number[]): Tlv | undefined {
  return path.reduce<Tlv | undefined>((parent, tag) => parent?.child(tag), element);
}

/** PINConfiguration and PUKConfiguration: key reference and value. */
function codeOf(entry: Tlv): readonly [reference: number, value: Uint8Array] {
  const { content = new Uint8Array() } = entry.child(0x80) ?? {};
  const reference = content.at(-1) ?? 0; // a number from 128 on has an octet 00 before it
  return [reference, entry.child(0x81)?.content ?? new Uint8Array()];
}

/** Digits in ASCII, padded with FF. */
function digitsOf(name: 'pin1' | 'pin2' | 'puk1' | 'puk2', value: Uint8Array | undefined) {
  const text = String.fromCharCode(...(value ?? [])).replace(/\u{ff}+$/u, '');
  return /^\d{1,8}$/.test(text) ? { [name]: text } : {};
}

function otaKeysIn(elements: readonly Tlv[]): readonly OtaKeyset[] {
  const domain = elements.find(({ tag }) => elementNames[tag] === 'securityDomain');
  const keysets = new Map<number, { keyset: number } & { [N in OtaKey]?: Uint8Array }>();
  for (const key of domain?.child(0xa2)?.children() ?? []) {
    const version = key.child(0x83)?.content[0] ?? 0;
    const name = ([undefined, 'kic', 'kid', 'kik'] as const)[key.child(0x82)?.content[0] ?? 0];
    const value = key.child(0x30)?.child(0x30)?.child(0x86)?.content;
    if (version === 0 || version > LAST_OTA_VERSION || name === undefined || value === undefined) continue;
    const keyset = keysets.get(version) ?? { keyset: version };
    keyset[name] = value;
    keysets.set(version, keyset);
  }
  return [...keysets.values()].toSorted((a, b) => a.keyset - b.keyset);
}
