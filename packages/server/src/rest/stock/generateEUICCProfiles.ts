import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { generateProfiles } from '@esim-rsp/smdp/stock/generateProfiles';
import { numbersFrom } from '@esim-rsp/smdp/stock/number-ranges';
import { operation, type Services } from '../frame/operation.ts';
import { GenerateEUICCProfilesRequest, GenerateEUICCProfilesResponse } from './schemas-generate.ts';
import { subscriptionResponse } from './subscription-response.ts';
import { startsIn, termsIn } from './subscription-terms.ts';

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
  respond: async ({ store }: Services<Store>, { env, account, body }, reply) => {
    const { count, profile_type: profileType, ...terms } = body;
    const request = {
      account,
      numbers: numbersFrom(startsIn(body), count),
      ...(profileType !== undefined && { profileType }),
      ...termsIn(terms),
    };
    const made = await run(generateProfiles, request, store, env);
    reply.status(201);
    return { subscriptions: made.map(({ parameters }) => subscriptionResponse(parameters)) };
  },
});
