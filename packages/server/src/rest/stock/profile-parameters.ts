import { fromHex } from '@esim-rsp/codec';
import { makeUnprintable } from '@esim-rsp/sgp22/crypto/secret';
import type { ParameterInput } from '@esim-rsp/sgp22/profile/build';
import {
  type AlgorithmName,
  algorithmNames,
  describeField,
  type OtaKeyName,
  otaKeyNames,
  type ParameterName,
  parameterFields,
} from '@esim-rsp/sgp22/profile/parameter-fields';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { type Static, Type } from '@sinclair/typebox';
import { about, closed, inWords, literals, named } from '../../shapes/shape.ts';
import { Iccid } from '../profiles/profile.ts';

/** The shape of a parameter. */
function parameter(name: ParameterName, meaning = '') {
  const field = parameterFields[name];
  const { pattern, form } = field;
  return Type.String({ pattern, ...inWords(form), description: meaning + describeField(field) });
}

export const Algorithm = named(
  'Algorithm',
  literals(
    Object.keys(algorithmNames) as AlgorithmName[],
    'The authentication algorithm of a subscription; test is that of 3GPP TS 34.108',
  ),
);

const otaKeyShapes = {
  kic1: Type.Optional(parameter('kic1', 'OTA key KIC of keyset 1: ')),
  kid1: Type.Optional(parameter('kid1', 'OTA key KID of keyset 1: ')),
  kik1: Type.Optional(parameter('kik1', 'OTA key KIK of keyset 1: ')),
  kic2: Type.Optional(parameter('kic2', 'KIC of keyset 2, which has all three keys or none: ')),
  kid2: Type.Optional(parameter('kid2', 'KID of keyset 2: ')),
  kik2: Type.Optional(parameter('kik2', 'KIK of keyset 2: ')),
  kic3: Type.Optional(parameter('kic3', 'KIC of keyset 3: ')),
  kid3: Type.Optional(parameter('kid3', 'KID of keyset 3: ')),
  kik3: Type.Optional(parameter('kik3', 'KIK of keyset 3: ')),
};

export const ProfileParameters = Type.Object(
  {
    iccid: Iccid,
    imsi: parameter('imsi'),
    ki: parameter('ki', 'The subscription key K: '),
    opc: parameter('opc'),
    algorithm: Type.Optional(about('The authentication algorithm; without it, milenage', Algorithm)),
    pin1: Type.Optional(parameter('pin1')),
    pin2: Type.Optional(parameter('pin2')),
    puk1: Type.Optional(parameter('puk1')),
    puk2: Type.Optional(parameter('puk2')),
    adm1: Type.Optional(parameter('adm1')),
    ...otaKeyShapes,
    service_provider_name: Type.Optional(
      Type.String({ maxLength: 16, description: 'The service provider name in EF.SPN' }),
    ),
    mnc_length: Type.Optional(
      Type.Unsafe<2 | 3>({ type: 'integer', enum: [2, 3], description: parameterFields.mnc_length.form }),
    ),
    msisdn: Type.Optional(parameter('msisdn', 'The phone number: ')),
    smsc: Type.Optional(parameter('smsc', 'The number of the short-message centre: ')),
  },
  {
    ...closed,
    $id: 'ProfileParameters',
    description: 'What the server builds a Profile Package from. Keys and codes are secrets',
  },
);

function otaKeysIn(body: Static<typeof ProfileParameters>) {
  const found = otaKeyNames.flatMap((name) => {
    const key = body[name];
    return key === undefined ? [] : [[name, fromHex(key)] as const];
  });
  return Object.fromEntries(found) as Partial<Record<OtaKeyName, Uint8Array>>;
}

/** The parameters in a request. They have no printable form. */
export function parametersIn(body: Static<typeof ProfileParameters>): ParameterInput {
  const { iccid, imsi, ki, opc, algorithm, adm1, service_provider_name: spn, mnc_length } = body;
  const { pin1, pin2, puk1, puk2, msisdn, smsc } = body;
  return makeUnprintable('ProfileParameters', {
    iccid: parseIccid(iccid),
    imsi,
    ki: fromHex(ki),
    opc: fromHex(opc),
    ...(algorithm !== undefined && { algorithm: algorithmNames[algorithm] }),
    ...(adm1 !== undefined && {
      adm1: adm1.length === 16 ? fromHex(adm1) : new TextEncoder().encode(adm1),
    }),
    ...otaKeysIn(body),
    ...(spn !== undefined && { serviceProviderName: spn }),
    ...(mnc_length !== undefined && { mncLength: mnc_length }),
    ...(pin1 !== undefined && { pin1 }),
    ...(pin2 !== undefined && { pin2 }),
    ...(puk1 !== undefined && { puk1 }),
    ...(puk2 !== undefined && { puk2 }),
    ...(msisdn !== undefined && { msisdn }),
    ...(smsc !== undefined && { smsc }),
  });
}
