import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { generateProfiles } from '@esim-rsp/smdp/stock/generateProfiles';
import { numbersFrom } from '@esim-rsp/smdp/stock/number-ranges';
import { Type } from '@sinclair/typebox';
import { closed, extending } from '../../shapes/shape.ts';
import { operation, type Services } from '../frame/operation.ts';
import { ICCID } from '../profiles/profile.ts';
import { ProfileLabels } from '../profiles/profile-labels.ts';
import { allGeneratedAgain } from './generated-again.ts';
import { GeneratedSubscription, subscriptionExample, subscriptionResponse } from './subscription.ts';
import { RangeStarts, SubscriptionTerms, startsIn, termsIn } from './subscription-terms.ts';

const GenerateEUICCProfilesRequest = Type.Object(
  {
    count: Type.Integer({
      minimum: 1,
      maximum: 250,
      description: 'How many subscriptions; the server creates all of them or none',
    }),
    ...RangeStarts.properties,
    ...SubscriptionTerms.properties,
    ...ProfileLabels.properties,
  },
  {
    ...closed,
    ...extending(RangeStarts, SubscriptionTerms, ProfileLabels),
    $id: 'GenerateEUICCProfilesRequest',
    description: 'Subscriptions to generate',
    examples: [
      {
        count: 1,
        iccid_start: ICCID.slice(0, 18),
        imsi_start: '001010000000001',
        profile_type: 'basic',
        service_provider_name: 'Example Mobile',
      },
    ],
  },
);

const GenerateEUICCProfilesResponse = Type.Object(
  { subscriptions: Type.Array(GeneratedSubscription, { description: 'The subscriptions' }) },
  {
    $id: 'GenerateEUICCProfilesResponse',
    description: 'The new subscriptions with their secrets, which are shown once',
    examples: [{ subscriptions: [subscriptionExample] }],
  },
);

export const generateEUICCProfiles = operation({
  operationId: 'generateEUICCProfiles',
  method: 'POST',
  choosesNumbers: true,
  url: '/api/v1/esim/euicc-profiles/generate',
  summary:
    'Generate subscriptions from ranges of numbers, and create their profiles. The answer has their keys, which are shown once',
  body: GenerateEUICCProfilesRequest,
  isLong: true,
  permissions: ['order'],
  answers: {
    201: { description: 'The subscriptions, with their secrets', schema: GenerateEUICCProfilesResponse },
    400: { description: 'A member is not valid, or a range has fewer numbers than count' },
    409: {
      description: 'One of the ICCIDs exists already: nothing was created',
      code: 'profile_not_available',
    },
    503: { description: 'Too many calls change these profiles at the same time' },
  },
  targets: ({ body }, { subscriptions = [] }) => {
    const created = (subscriptions as readonly { iccid: string }[]).map(({ iccid }) => iccid);
    return created.length > 0 ? created : [body.iccid_start];
  },
  respond: async ({ store }: Services<Store>, { env, account, body }, reply) => {
    const { count, profile_type: profileType, ...terms } = body;
    const request = {
      account,
      numbers: numbersFrom(startsIn(body), count),
      ...(profileType !== undefined && { profileType }),
      ...termsIn(terms),
    };
    const subscriptions = await run(generateProfiles, request, store, env);
    reply.status(201);
    return { subscriptions: subscriptions.map(({ parameters }) => subscriptionResponse(parameters)) };
  },
  answerAgain: async (services, { account }, reply, { iccids }) => {
    const subscriptions = await allGeneratedAgain(services, account, iccids);
    reply.status(201);
    return subscriptions && { subscriptions };
  },
});
