import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { cancelProfile } from '@esim-rsp/smdp/order/cancelProfile';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { stockStates } from '@esim-rsp/smdp/state/profile';
import { Type } from '@sinclair/typebox';
import { closed, literals } from '../../shapes/shape.ts';
import { operation, type Services } from '../frame/operation.ts';
import { IccidParams } from '../profiles/owned-profile.ts';
import { GetEUICCProfileResponse, profileResponse } from '../profiles/profile.ts';

const CancelEUICCProfileRequest = Type.Object(
  {
    final_state: Type.Optional(
      literals(stockStates, 'The state of the Profile without its order; without it, AVAILABLE'),
    ),
  },
  {
    ...closed,
    $id: 'CancelEUICCProfileRequest',
    description: 'What becomes of the Profile',
    examples: [{ final_state: 'AVAILABLE' }],
  },
);

export const cancelEUICCProfile = operation({
  operationId: 'cancelEUICCProfile',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles/:iccid/cancel',
  summary: 'Cancel an order that no phone has downloaded; downloads in progress end',
  params: IccidParams,
  body: CancelEUICCProfileRequest,
  permissions: ['order'],
  answers: {
    200: { description: 'The profile, AVAILABLE or UNAVAILABLE', schema: GetEUICCProfileResponse },
    400: { description: 'A member is not valid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: {
      description: 'The state of the profile does not allow this; the message says what it allows',
      code: 'profile_not_available',
    },
    413: { description: 'The body is too large' },
    415: { description: 'The body is not JSON' },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  respond: async (
    { store }: Services<Store>,
    { env, account, permissions, params, body: { final_state: finalState = 'AVAILABLE' } },
  ) => {
    const request = { account, iccid: parseIccid(params.iccid), finalState };
    return profileResponse(await run(cancelProfile, request, store, env), { env, permissions });
  },
});
