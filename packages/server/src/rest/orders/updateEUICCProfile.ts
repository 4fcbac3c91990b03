import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { changeProfile } from '@esim-rsp/smdp/order/changeProfile';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { secondsOf } from '../../shapes/time.ts';
import { operation, type Services } from '../frame/operation.ts';
import { IccidParams } from '../profiles/owned-profile.ts';
import { profileResponse } from '../profiles/profile-response.ts';
import { GetEUICCProfileResponse, UpdateEUICCProfileRequest } from '../profiles/schemas.ts';
import { metadataWishes } from '../stock/metadata-wishes.ts';

export const updateEUICCProfile = operation({
  operationId: 'updateEUICCProfile',
  method: 'PATCH',
  url: '/api/v1/esim/euicc-profiles/:iccid',
  summary: 'Changes the order of a profile, or what devices get to see of it, before it is downloaded',
  params: IccidParams,
  body: UpdateEUICCProfileRequest,
  answers: {
    200: { description: 'The profile', schema: GetEUICCProfileResponse },
    400: { description: 'A member is not valid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: {
      description: 'The state of the profile does not allow this; the message says what it allows',
      code: 'invalid_transition',
    },
    413: { description: 'The body is too large' },
    415: { description: 'The body is not JSON' },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  respond: async ({ store }: Services<Store>, { env, account, params, body }) => {
    const request = {
      account,
      iccid: parseIccid(params.iccid),
      order: orderChangeOf(body),
      metadata: metadataChangeOf(body),
      ...(body.profile_type !== undefined && { profileType: body.profile_type }),
    };
    return profileResponse(await run(changeProfile, request, store, env), env.smdpAddress);
  },
});

function orderChangeOf({ expires_at, download_attempts, confirmation_code }: UpdateEUICCProfileRequest) {
  return {
    ...(expires_at !== undefined && { expiresAt: expires_at === null ? null : secondsOf(expires_at) }),
    ...(download_attempts !== undefined && { downloadAttempts: download_attempts }),
    ...(confirmation_code !== undefined && { confirmationCode: confirmation_code }),
  };
}

function metadataChangeOf(body: UpdateEUICCProfileRequest) {
  const { service_provider_name, profile_name, profile_class } = body;
  return {
    ...(service_provider_name !== undefined && { serviceProviderName: service_provider_name }),
    ...(profile_name !== undefined && { profileName: profile_name }),
    ...(profile_class !== undefined && { profileClass: profile_class }),
    ...metadataWishes(body),
  };
}
