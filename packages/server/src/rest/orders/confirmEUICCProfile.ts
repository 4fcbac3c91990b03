import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { confirmOrder } from '@esim-rsp/smdp/es2/confirmOrder';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { Type } from '@sinclair/typebox';
import { closed, extending } from '../../shapes/shape.ts';
import { operation, type Services } from '../frame/operation.ts';
import { IccidParams } from '../profiles/owned-profile.ts';
import { GetEUICCProfileResponse, profileResponse } from '../profiles/profile.ts';
import { OrderTerms, orderExample, orderTermsOf, Release } from './order-terms.ts';

const ConfirmEUICCProfileRequest = Type.Object(
  { ...OrderTerms.properties, release: Type.Optional(Release) },
  {
    ...closed,
    ...extending(OrderTerms),
    $id: 'ConfirmEUICCProfileRequest',
    description: 'The terms of the order of a reserved Profile',
    examples: [orderExample],
  },
);

export const confirmEUICCProfile = operation({
  operationId: 'confirmEUICCProfile',
  method: 'POST',
  choosesNumbers: true,
  url: '/api/v1/esim/euicc-profiles/:iccid/confirm',
  summary: 'Confirm the order of a reserved profile and release it',
  params: IccidParams,
  body: ConfirmEUICCProfileRequest,
  permissions: ['order'],
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
  respond: async ({ store }: Services<Store>, { env, account, permissions, params, body }) => {
    const { release: releaseFlag = true } = body;
    const request = { account, iccid: parseIccid(params.iccid), releaseFlag, ...orderTermsOf(body) };
    return profileResponse(await run(confirmOrder, request, store, env), { env, permissions });
  },
});
