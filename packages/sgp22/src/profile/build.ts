import { concat, fromHex, integer, tlv } from '@esim-rsp/codec';
import { iccidToBcd, iccidToSwappedBcd } from '../value/iccid.ts';
import { type Service, serviceTag } from './capabilities.ts';
import { algorithms, keysets, otaKeys } from './parameter-fields.ts';
import type { ProfileParameters } from './parameters.ts';
import { accessRules, directory, file, peHeader, ruleFile, templates } from './template.ts';
import { optionalUsimElement, USIM_AID, usimElement } from './usim-element.ts';

export {
  completeParameters,
  otaKeysFrom,
  type ParameterInput,
  type ProfileParameters,
} from './parameters.ts';
export { fitsServiceProviderName } from './usim-files.ts';

/**
 * Builds an unprotected profile package from parameters (TCA Profile Interoperability 8): header, MF, PUKs and PINs,
 * USIM, authentication keys, security domain, end. The same parameters give the same bytes.
 */
export function buildProfilePackage(parameters: ProfileParameters): Uint8Array {
  const { msisdn } = parameters;
  return concat(
    headerElement(parameters),
    mfElement(parameters),
    pukElement(parameters),
    pinElement(parameters),
    usimElement(ids.usim, parameters),
    ...(msisdn === undefined ? [] : [optionalUsimElement(ids.optUsim, msisdn)]),
    pin2Element(parameters),
    akaElement(parameters),
    securityDomainElement(parameters),
    END,
  );
}

/** Identifications of the elements: status reports of the eUICC refer to them. */
const ids = {
  mf: 1,
  puk: 2,
  pin: 3,
  usim: 4,
  optUsim: 5,
  pin2: 6,
  aka: 7,
  securityDomain: 8,
  end: 9,
} as const;

const utf8 = (text: string) => new TextEncoder().encode(text);
const number = (value: number, tag: string) => integer().as(tag).write(value);
const EMPTY = new Uint8Array();

/** The service of eUICC-Mandatory-services that an algorithm and the length of its key need. */
function algorithmService({ algorithm, ki }: ProfileParameters): Service {
  if (algorithm === 'tuak') return ki.length === 32 ? 'tuak256' : 'tuak128';
  return algorithm === 'milenage' ? 'milenage' : 'usim-test-algorithm';
}

function headerElement(parameters: ProfileParameters): Uint8Array {
  const { iccid, profileName, msisdn } = parameters;
  const services = ['usim' as const, algorithmService(parameters)].map((service) => tlv(serviceTag(service)));
  const used = [templates.mf, templates.usim, ...(msisdn === undefined ? [] : [templates.optUsim])];
  return tlv(
    0xa0,
    number(2, '80'),
    number(3, '81'),
    profileName === '' ? EMPTY : tlv(0x82, utf8(profileName)),
    tlv(0x83, iccidToBcd(iccid)),
    tlv(0xa5, ...services),
    tlv(0xa6, ...used.map((template) => tlv(0x06, template))),
  );
}

const inMf = { arr: 0x2f06 } as const;
/** One application: the USIM. */
const directoryRecord = tlv(0x61, tlv(0x4f, USIM_AID), tlv(0x50, utf8('USIM')));
const mfBefore = concat(
  peHeader(ids.mf),
  tlv(0x81, templates.mf),
  directory(0xa2, fromHex('010a')),
  file(
    0xa3,
    { ...inMf, fid: 0x2f05, rule: accessRules.publicUpdatePin1, sfi: 0x05 },
    fromHex('656effffffff'),
  ),
);
const mfAfter = concat(
  file(
    0xa5,
    { ...inMf, fid: 0x2f00, rule: accessRules.readAlways, sfi: 0x1e, records: { length: 33, count: 1 } },
    directoryRecord,
  ),
  ruleFile(0xa6, 0x2f06),
  file(0xa7, { ...inMf, fid: 0x2f08, rule: accessRules.readAlways, sfi: 0x08 }, fromHex('3c3c000000')),
);

function mfElement({ iccid }: ProfileParameters): Uint8Array {
  const shape = { ...inMf, fid: 0x2fe2, rule: accessRules.readOnly, sfi: 0x02 };
  return tlv(0xb0, mfBefore, file(0xa4, shape, iccidToSwappedBcd(iccid)), mfAfter);
}

/** Key references (ETSI TS 102 221 9.5.1): 1 is PIN1 of all applications, 129 PIN2 of the USIM, 10 ADM1. */
const references = { pin1: 0x01, pin2: 0x81, adm1: 0x0a } as const;

function pukElement({ puk1, puk2 }: ProfileParameters): Uint8Array {
  const puk = (reference: number, value: string) =>
    tlv(0x30, number(reference, '80'), tlv(0x81, utf8(value)));
  return tlv(0xa3, peHeader(ids.puk), tlv(0xa1, puk(references.pin1, puk1), puk(references.pin2, puk2)));
}

function padPin(pin: string): Uint8Array {
  const octets = new Uint8Array(8).fill(0xff);
  octets.set(utf8(pin));
  return octets;
}

/** PE-PINCodes (8.4): `entries` are the members of each PINConfiguration. */
function pins(identification: number, ...entries: Uint8Array[][]): Uint8Array {
  const list = entries.map((members) => tlv(0x30, ...members));
  return tlv(0xa2, peHeader(identification), tlv(0xa1, tlv(0xa0, ...list)));
}

/** pinAttributes: 1 the PIN must be entered, 2 it may be changed, 4 it may be switched on and off. */
const attributes = { offAtFirst: 6, alwaysOn: 3 } as const;
/** Ten attempts are allowed and ten are left, as the signed octet AA; three without it. */
const tenAttempts = tlv(0x84, fromHex('00aa'));

/** PIN1 exists, but need not be entered, as on most SIMs. */
function pinElement({ pin1, adm1 }: ProfileParameters): Uint8Array {
  return pins(
    ids.pin,
    [
      number(references.pin1, '80'),
      tlv(0x81, padPin(pin1)),
      number(references.pin1, '82'),
      number(attributes.offAtFirst, '83'),
    ],
    [number(references.adm1, '80'), tlv(0x81, adm1), number(attributes.alwaysOn, '83'), tenAttempts],
  );
}

/** PIN2 cannot be switched off. */
function pin2Element({ pin2 }: ProfileParameters): Uint8Array {
  return pins(ids.pin2, [
    number(references.pin2, '80'),
    tlv(0x81, padPin(pin2)),
    number(references.pin2, '82'),
    number(attributes.alwaysOn, '83'),
  ]);
}

function akaElement({ algorithm, ki, opc }: ProfileParameters): Uint8Array {
  const algoParameter = tlv(
    0xa1,
    number(algorithms[algorithm], '80'),
    tlv(0x81, Uint8Array.of(algorithm === 'usim-test' ? 0x02 : 0x00)),
    tlv(0x82, ki),
    tlv(0x83, opc),
  );
  return tlv(0xa4, peHeader(ids.aka), tlv(0xa1, algoParameter));
}

/** The security domain of the operator: GlobalPlatform's default load file, reached by SCP80. */
const domainInstance = tlv(
  0xa1,
  tlv(0x4f, fromHex('a0000001515350')),
  tlv(0x4f, fromHex('a000000151535041')),
  tlv(0x4f, fromHex('a000000151000000')),
  tlv(0x82, fromHex('82dc00')),
  tlv(0x83, fromHex('0f')),
  tlv(0xc9, fromHex('810280008201f08301f08701f0')),
  tlv(0xea, tlv(0x80, fromHex('010000000002010606b2010000000000'))),
);

/** Key usage qualifiers (GlobalPlatform 11.1.9) of ENC, MAC and DEK: KIC, KID and KIK are the keys 1, 2 and 3 of a version. */
const usages = [0x18, 0x14, 0x48];
const AES = 0x88;

function securityDomainElement(parameters: ProfileParameters): Uint8Array {
  const keys = keysets.flatMap((keyset) =>
    otaKeys.flatMap((name, i) => {
      const value = parameters[`${name}${keyset}`];
      return value === undefined ? [] : [keyObject(keyset, i, value)];
    }),
  );
  return tlv(0xa6, peHeader(ids.securityDomain), domainInstance, tlv(0xa2, ...keys));
}

function keyObject(keyset: number, index: number, value: Uint8Array): Uint8Array {
  return tlv(
    0x30,
    tlv(0x95, Uint8Array.of(usages[index] as number)),
    tlv(0x82, Uint8Array.of(index + 1)),
    tlv(0x83, Uint8Array.of(keyset)),
    tlv(0x30, tlv(0x30, tlv(0x80, Uint8Array.of(AES)), tlv(0x86, value))),
  );
}

const END = tlv(0xaa, peHeader(ids.end));
