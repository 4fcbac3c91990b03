import { toHex } from '@esim-rsp/codec';
import type { ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import { nameOfAlgorithm } from '@esim-rsp/sgp22/profile/parameter-fields';
import { type Static, Type } from '@sinclair/typebox';
import { ICCID } from '../profiles/profile.ts';
import { Algorithm } from './profile-parameters.ts';

export const subscriptionExample = {
  iccid: ICCID,
  imsi: '001010000000001',
  algorithm: 'milenage',
  ki: '00112233445566778899aabbccddeeff',
  opc: 'ffeeddccbbaa99887766554433221100',
  pin1: '0000',
  pin2: '0000',
  puk1: '00000000',
  puk2: '00000000',
  adm1: '0000000000000000',
  kic1: '0123456789abcdef0123456789abcdef',
  kid1: '123456789abcdef0123456789abcdef0',
  kik1: '23456789abcdef0123456789abcdef01',
};

export const GeneratedSubscription = Type.Object(
  {
    iccid: Type.String({ description: '19 or 20 decimal digits' }),
    imsi: Type.String({ description: '6 to 15 decimal digits' }),
    msisdn: Type.Optional(Type.String({ description: 'The phone number' })),
    algorithm: Algorithm,
    ki: Type.String({ description: 'The subscription key K: hexadecimal digits' }),
    opc: Type.String({ description: 'OPc, or TOPc for TUAK: hexadecimal digits' }),
    pin1: Type.String({ description: 'Decimal digits' }),
    pin2: Type.String({ description: 'Decimal digits' }),
    puk1: Type.String({ description: '8 decimal digits' }),
    puk2: Type.String({ description: '8 decimal digits' }),
    adm1: Type.String({ description: '16 hexadecimal digits' }),
    kic1: Type.String({ description: 'The OTA key KIC: 32 hexadecimal digits' }),
    kid1: Type.String({ description: 'The OTA key KID: 32 hexadecimal digits' }),
    kik1: Type.String({ description: 'The OTA key KIK: 32 hexadecimal digits' }),
  },
  {
    $id: 'GeneratedSubscription',
    description: 'A subscription for the HLR, with the codes of its Profile. All but the numbers are secrets',
  },
);

export type GeneratedSubscription = Static<typeof GeneratedSubscription>;

/** What a subscription shows of its parameters. */
type Shown = Pick<
  ProfileParameters,
  | ('iccid' | 'imsi' | 'msisdn' | 'algorithm' | 'ki' | 'opc' | 'adm1')
  | ('pin1' | 'pin2' | 'puk1' | 'puk2' | 'kic1' | 'kid1' | 'kik1')
>;

/** A subscription with its secrets: the server shows it once. */
export function subscriptionResponse(parameters: Shown): GeneratedSubscription {
  const { iccid, imsi, msisdn, algorithm, ki, opc, adm1, pin1, pin2, puk1, puk2, kic1, kid1, kik1 } =
    parameters;
  return {
    iccid,
    imsi,
    ...(msisdn !== undefined && { msisdn }),
    algorithm: nameOfAlgorithm(algorithm),
    ki: toHex(ki),
    opc: toHex(opc),
    pin1,
    pin2,
    puk1,
    puk2,
    adm1: toHex(adm1),
    kic1: toHex(kic1),
    kid1: toHex(kid1),
    kik1: toHex(kik1),
  };
}
