import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { stockProfile } from '@esim-rsp/smdp/stock/stockProfile';
import { operation, type Services } from '../frame/operation.ts';
import { profileResponse } from '../profiles/profile-response.ts';
import { stockedExample } from '../profiles/schema-examples.ts';
import { CreateEUICCProfileRequest, GetEUICCProfileResponse } from '../profiles/schemas.ts';
import { stockRequest } from './stock-request.ts';

export const createEUICCProfile = operation({
  operationId: 'createEUICCProfile',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles',
  summary: 'Stocks a profile: an unprotected profile package, or the parameters to build one from',
  bodyLimit: 1_500_000,
  body: CreateEUICCProfileRequest,
  answers: {
    201: { description: 'The profile, AVAILABLE', schema: GetEUICCProfileResponse, example: stockedExample },
    400: { description: 'The package or a parameter is not valid' },
    409: { description: 'A profile with this ICCID exists already', code: 'profile_not_available' },
    413: { description: 'The body is too large' },
    415: { description: 'The body is not JSON' },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  respond: async ({ store }: Services<Store>, { env, account, body }, reply) => {
    const request = stockRequest(account, body, env.random);
    const profile = await run(stockProfile, request, store, env);
    reply.status(201).header('location', `/api/v1/esim/euicc-profiles/${profile.iccid}`);
    return profileResponse(profile, env.smdpAddress);
  },
});
