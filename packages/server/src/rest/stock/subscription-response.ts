import { toHex } from '@esim-rsp/codec';
import type { ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import { nameOfAlgorithm } from '@esim-rsp/sgp22/profile/parameter-fields';

/** What the HLR has to know of a subscription, and the codes of its card: it is told once. */
export function subscriptionResponse(parameters: ProfileParameters) {
  const { iccid, imsi, msisdn, algorithm, ki, opc, adm1, pin1, pin2, puk1, puk2 } = parameters;
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
  };
}
