import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { createProfile } from '@esim-rsp/smdp/stock/createProfile';
import type { AnswerHead } from '../frame/answer-head.ts';
import { operation, type Services } from '../frame/operation.ts';
import { answerAgain } from '../gateway/answer-again.ts';
import { GetEUICCProfileResponse, ICCID, profileResponse } from '../profiles/profile.ts';
import { CreateEUICCProfileRequest, profileRequestIn } from './profile-request.ts';

const createdExample = {
  iccid: ICCID,
  imsi: '001010000000001',
  state: 'AVAILABLE',
  last_operation_date: 1_759_996_400,
  activation_code: '',
  last_operation_at: '2025-10-09T07:53:20Z',
  state_message: 'in stock, not ordered',
  service_provider_name: 'Example Mobile',
  profile_name: 'Travel 10 GB',
};

function created(reply: AnswerHead, { iccid }: { readonly iccid: string }): void {
  reply.status(201).header('location', `/api/v1/esim/euicc-profiles/${iccid}`);
}

export const createEUICCProfile = operation({
  operationId: 'createEUICCProfile',
  method: 'POST',
  choosesNumbers: true,
  url: '/api/v1/esim/euicc-profiles',
  summary: 'Create a profile from an unprotected profile package, or from parameters',
  bodyLimit: 1_500_000,
  body: CreateEUICCProfileRequest,
  permissions: ['order'],
  answers: {
    201: { description: 'The profile, AVAILABLE', schema: GetEUICCProfileResponse, example: createdExample },
    400: { description: 'The package or a parameter is not valid' },
    409: { description: 'This ICCID is not available', code: 'profile_not_available' },
    413: { description: 'The body is too large' },
    415: { description: 'The body is not JSON' },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  targets: ({ body }, { iccid }) => [
    iccid ?? (body as { parameters?: { iccid?: string } }).parameters?.iccid,
  ],
  respond: async ({ store }: Services<Store>, { env, account, permissions, session, body }, reply) => {
    const request = profileRequestIn(account, body, env.random);
    const profile = await run(createProfile, request, store, env);
    created(reply, profile);
    return profileResponse(profile, { env, permissions, session });
  },
  answerAgain: async (services, call, reply, done) => {
    const answer = await answerAgain(services, call, reply, done);
    if (answer !== undefined) created(reply, answer);
    return answer;
  },
});
