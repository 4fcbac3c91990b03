import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { confirmOrder } from '@esim-rsp/smdp/es2/confirmOrder';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { operation, type Services } from '../frame/operation.ts';
import { IccidParams } from '../profiles/owned-profile.ts';
import { profileResponse } from '../profiles/profile-response.ts';
import { ConfirmEUICCProfileRequest, GetEUICCProfileResponse } from '../profiles/schemas.ts';
import { orderTermsOf } from './order-terms.ts';

export const confirmEUICCProfile = operation({
  operationId: 'confirmEUICCProfile',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles/:iccid/confirm',
  summary: 'Confirms the order of a reserved profile and releases it',
  params: IccidParams,
  body: ConfirmEUICCProfileRequest,
  answers: {
    200: {
      description: 'The profile, RELEASED (or CONFIRMED with release: false)',
      schema: GetEUICCProfileResponse,
    },
    400: { description: 'A member is not valid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: {
      description: 'The profile is not ordered, is for another EID, or the MatchingID is in use',
      code: 'profile_not_available',
    },
    413: { description: 'The body is too large' },
    415: { description: 'The body is not JSON' },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  respond: async ({ store }: Services<Store>, { env, account, params, body }) => {
    const { release: releaseFlag = true } = body;
    const request = { account, iccid: parseIccid(params.iccid), releaseFlag, ...orderTermsOf(body) };
    return profileResponse(await run(confirmOrder, request, store, env), env.smdpAddress);
  },
});
