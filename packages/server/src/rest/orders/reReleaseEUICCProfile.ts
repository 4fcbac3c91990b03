import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { reReleaseProfile } from '@esim-rsp/smdp/order/lifecycle';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { Type } from '@sinclair/typebox';
import { about, closed, orNull } from '../../shapes/shape.ts';
import { secondsOf } from '../../shapes/time.ts';
import { operation, type Services } from '../frame/operation.ts';
import { IccidParams } from '../profiles/owned-profile.ts';
import { GetEUICCProfileResponse, profileResponse } from '../profiles/profile.ts';
import { ExpiresAt } from './order-terms.ts';

const ReReleaseEUICCProfileRequest = Type.Object(
  {
    expires_at: Type.Optional(
      about(
        'When the order expires from now on: at most ten years ahead; null: never; without it, as before. An order that has expired needs it',
        orNull(ExpiresAt),
      ),
    ),
  },
  {
    ...closed,
    $id: 'ReReleaseEUICCProfileRequest',
    description: 'What changes in the order',
    examples: [{ expires_at: '2030-01-31T18:00:00Z' }],
  },
);

export const reReleaseEUICCProfile = operation({
  operationId: 'reReleaseEUICCProfile',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles/:iccid/re-release',
  summary: 'Release a profile again: after a failed or lost download, or as its reuse policy allows',
  params: IccidParams,
  body: ReReleaseEUICCProfileRequest,
  permissions: ['order'],
  answers: {
    200: {
      description: 'The profile, RELEASED, or DELETED until its cool-down is over',
      schema: GetEUICCProfileResponse,
    },
    400: { description: 'A member is not valid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: {
      description:
        'The state of the profile, its reuse policy or its expiry does not allow this; the message says what to do',
      code: 'invalid_transition',
    },
    413: { description: 'The body is too large' },
    415: { description: 'The body is not JSON' },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  respond: async (
    { store }: Services<Store>,
    { env, account, permissions, params, body: { expires_at: until } },
  ) => {
    const request = {
      account,
      iccid: parseIccid(params.iccid),
      ...(until !== undefined && { expiresAt: until === null ? null : secondsOf(until) }),
    };
    return profileResponse(await run(reReleaseProfile, request, store, env), { env, permissions });
  },
});
