import type { Random } from '../crypto/random.ts';
import { makeUnprintable } from '../crypto/secret.ts';
import type { Iccid } from '../value/iccid.ts';
import { ValueError } from '../value/value-error.ts';
import { mncLengthOf } from './mnc-length.ts';
import {
  type Algorithm,
  hasForm,
  keysets,
  type OtaKey,
  type OtaKeyName,
  otaKeys,
  parameterFields,
} from './parameter-fields.ts';
import { serviceProviderNameToFile } from './usim-files.ts';

/** All that a Profile's package is built from. PINs, PUKs and keys are secrets. */
export type ProfileParameters = {
  readonly iccid: Iccid;
  /** 6 to 15 digits. */
  readonly imsi: string;
  /** K: 16 octets, TUAK 16 or 32. */
  readonly ki: Uint8Array;
  /** OPc: 16 octets; TUAK: TOPc, 32. */
  readonly opc: Uint8Array;
  readonly algorithm: Algorithm;
  /** 4 to 8 digits. */
  readonly pin1: string;
  readonly pin2: string;
  /** 8 digits. */
  readonly puk1: string;
  readonly puk2: string;
  /** 8 octets. */
  readonly adm1: Uint8Array;
  /** EF.SPN: at most 16 octets in a coding of ETSI TS 102 221 annex A. */
  readonly serviceProviderName: string;
  /** Human name of the package, at most 64 octets. */
  readonly profileName: string;
  /** Digits of the network code in the IMSI: EF.AD. */
  readonly mncLength: 2 | 3;
  /** Up to 20 digits, with + for an international number. */
  readonly msisdn?: string;
  /** The short-message centre, written likewise. */
  readonly smsc?: string;
} & OtaKeys;

/** Keys of SCP80, 16, 24 or 32 octets each: the first keyset, and others. A keyset is whole. */
export type OtaKeys = Readonly<Record<`${OtaKey}1`, Uint8Array>> &
  Readonly<Partial<Record<OtaKeyName, Uint8Array>>>;

type Generated = 'pin1' | 'pin2' | 'puk1' | 'puk2' | 'adm1' | `${OtaKey}1`;
type Defaulted = 'algorithm' | 'serviceProviderName' | 'profileName' | 'mncLength';

/** What a caller provides; secrets that are missing are generated, and the rest has a default. */
export type ParameterInput = Omit<ProfileParameters, Generated | Defaulted> &
  Partial<Pick<ProfileParameters, Generated | Defaulted>>;

function generateDigits(count: number, random: Random): string {
  let digits = '';
  while (digits.length < count) for (const octet of random(count)) if (octet < 250) digits += octet % 10;
  return digits.slice(0, count);
}

/**
 * Generates the secrets that are missing, takes the length of the network code from the IMSI where its country has one
 * length only, and checks everything; throws a ValueError that names the parameter. The result has no printable form.
 */
export function completeParameters(input: ParameterInput, random: Random): ProfileParameters {
  const parameters: ProfileParameters = {
    algorithm: 'milenage',
    serviceProviderName: '',
    profileName: input.serviceProviderName ?? '',
    mncLength: input.mncLength ?? mncLengthOf(input.imsi),
    pin1: generateDigits(4, random),
    pin2: generateDigits(4, random),
    puk1: generateDigits(8, random),
    puk2: generateDigits(8, random),
    adm1: random(8),
    ...otaKeysFrom(random(48)),
    ...input,
  };
  mustBeValid(parameters);
  return makeUnprintable('ProfileParameters', parameters);
}

/** The first keyset from 48 octets: KIC, KID and KIK. */
export function otaKeysFrom(octets: Uint8Array): Pick<OtaKeys, `${OtaKey}1`> {
  return { kic1: octets.slice(0, 16), kid1: octets.slice(16, 32), kik1: octets.slice(32, 48) };
}

function mustHaveWholeKeysets(parameters: OtaKeys): void {
  for (const keyset of keysets) {
    const names = otaKeys.map((key) => `${key}${keyset}` as const);
    if (names.every((name) => parameters[name] === undefined)) continue;
    for (const name of names) {
      const key = parameters[name];
      if (key === undefined)
        throw new ValueError(`is missing: a keyset has ${names.join(', ')}`, { field: name });
      if (![16, 24, 32].includes(key.length))
        throw new ValueError('has 16, 24 or 32 octets', { field: name });
    }
  }
}

function mustBeValid(parameters: ProfileParameters): void {
  const must = (holds: boolean, name: keyof ProfileParameters, expected: string) => {
    if (!holds) throw new ValueError(expected, { field: name });
  };
  const { algorithm, ki, opc } = parameters;
  const tuak = algorithm === 'tuak';
  for (const name of ['iccid', 'imsi', 'pin1', 'pin2', 'puk1', 'puk2'] as const)
    must(hasForm(name, parameters[name]), name, `has ${parameterFields[name].form}`);
  must(ki.length === 16 || (tuak && ki.length === 32), 'ki', `has 16 octets${tuak ? ' or 32' : ''}`);
  must(opc.length === (tuak ? 32 : 16), 'opc', `has ${tuak ? '32' : '16'} octets`);
  must(parameters.adm1.length === 8, 'adm1', 'has 8 octets');
  mustHaveWholeKeysets(parameters);
  must(parameters.mncLength === 2 || parameters.mncLength === 3, 'mncLength', 'is 2 or 3');
  for (const name of ['msisdn', 'smsc'] as const)
    must(hasForm(name, parameters[name] ?? '0'), name, `has ${parameterFields[name].form}`);
  const nameOctets = new TextEncoder().encode(parameters.profileName).length;
  must(nameOctets <= 64, 'profileName', 'has at most 64 octets');
  serviceProviderNameToFile(parameters.serviceProviderName);
}
