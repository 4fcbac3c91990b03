import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { completeParameters, type ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';

/** A subscription of the test network 001-01 with random keys. */
export function demoParameters(iccid: Iccid, i: number, name: string, random: Random): ProfileParameters {
  return completeParameters(
    {
      iccid,
      imsi: `00101${String(i).padStart(10, '0')}`,
      ki: random(16),
      opc: random(16),
      serviceProviderName: 'esim-rsp demo',
      profileName: `Demo: ${name}`,
    },
    random,
  );
}
