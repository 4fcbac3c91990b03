import { toHex } from '@esim-rsp/codec';
import type { ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import { generateProfiles } from '@esim-rsp/smdp/operator/generateProfiles';
import { numbersFrom } from '@esim-rsp/smdp/operator/number-ranges';
import { run } from '@esim-rsp/smdp/run';
import { operation } from '../operation.ts';
import { GenerateEUICCProfilesRequest, GenerateEUICCProfilesResponse } from '../schemas-generate.ts';
import { metadataWishes } from './metadata-wishes.ts';
import { labelsIn } from './stock-request.ts';

export const generateEUICCProfiles = operation({
  operationId: 'generateEUICCProfiles',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles/generate',
  summary:
    'Makes subscriptions from ranges of numbers, with keys that are drawn, and stocks their profiles. Their keys, for the HLR, are told here and never again',
  body: GenerateEUICCProfilesRequest,
  answers: {
    201: { description: 'What was made, with its secrets', schema: GenerateEUICCProfilesResponse },
    400: { description: 'A member is not valid, or a range has not room for so many' },
    409: { description: 'One of the ICCIDs is taken: nothing was made', code: 'profile_not_available' },
    503: { description: 'Too many calls change these profiles at the same time' },
  },
  respond: async ({ store, env }, { account, body }, reply) => {
    const request = {
      account,
      numbers: numbersFrom(startsIn(body), body.count),
      common: commonIn(body),
      ...labelsIn(body),
      ...metadataWishes(body),
    };
    const made = await run(generateProfiles, request, store, env());
    reply.status(201);
    return { subscriptions: made.map(subscriptionOf) };
  },
});

function startsIn({ iccid_start, imsi_start, msisdn_start }: GenerateEUICCProfilesRequest) {
  return {
    iccidStart: iccid_start,
    imsiStart: imsi_start,
    ...(msisdn_start !== undefined && { msisdnStart: msisdn_start }),
  };
}

/** EF.SPN has room for 16 characters: a longer name is shown by the device, and does not stand in the profile. */
const LONGEST_SPN = 16;

function commonIn({ algorithm, mnc_length, smsc, service_provider_name: spn }: GenerateEUICCProfilesRequest) {
  return {
    ...(algorithm !== undefined && { algorithm: algorithm === 'test' ? ('usim-test' as const) : algorithm }),
    ...(mnc_length !== undefined && { mncLength: mnc_length }),
    ...(smsc !== undefined && { smsc }),
    ...(spn !== undefined && spn.length <= LONGEST_SPN && { serviceProviderName: spn }),
  };
}

function subscriptionOf({ iccid, imsi, msisdn, algorithm, ki, opc, adm1, ...codes }: ProfileParameters) {
  const { pin1, pin2, puk1, puk2 } = codes;
  return {
    iccid,
    imsi,
    ...(msisdn !== undefined && { msisdn }),
    algorithm: algorithm === 'usim-test' ? ('test' as const) : algorithm,
    ki: toHex(ki),
    opc: toHex(opc),
    pin1,
    pin2,
    puk1,
    puk2,
    adm1: toHex(adm1),
  };
}
