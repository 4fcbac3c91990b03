import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { updateAnywhere } from '@esim-rsp/smdp/gateway/anywhere';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { type Static, Type } from '@sinclair/typebox';
import { about, closed, extending, orNull } from '../../shapes/shape.ts';
import { secondsOf } from '../../shapes/time.ts';
import { operation, type Services } from '../frame/operation.ts';
import { IccidParams } from '../profiles/owned-profile.ts';
import { GetEUICCProfileResponse, profileResponse } from '../profiles/profile.ts';
import { metadataIn, namesIn, ProfileLabels } from '../profiles/profile-labels.ts';
import { ConfirmationCode, ExpiresAt, ProfileReusePolicyRequest, reusePolicyOf } from './order-terms.ts';

const UpdateEUICCProfileRequest = Type.Object(
  {
    expires_at: Type.Optional(
      about('When the order expires: at most ten years ahead; null: never', orNull(ExpiresAt)),
    ),
    download_attempts: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, description: 'How often the download may still be started' }),
    ),
    confirmation_code: Type.Optional(
      about('A code that the user must type on the device; null: none', orNull(ConfirmationCode)),
    ),
    profile_reuse_policy: Type.Optional(
      about(
        'What happens after the Profile left its device. It can change as long as there is an order, also on a device. Returns so far count',
        ProfileReusePolicyRequest,
      ),
    ),
    ...ProfileLabels.properties,
  },
  {
    ...closed,
    ...extending(ProfileLabels),
    minProperties: 1,
    $id: 'UpdateEUICCProfileRequest',
    description:
      'Changes of an order and of what devices see of a Profile. Members that are absent stay as they are',
    examples: [{ profile_name: 'Travel 20 GB' }],
  },
);
type UpdateEUICCProfileRequest = Static<typeof UpdateEUICCProfileRequest>;

export const updateEUICCProfile = operation({
  operationId: 'updateEUICCProfile',
  method: 'PATCH',
  url: '/api/v1/esim/euicc-profiles/:iccid',
  summary:
    'Update the order of a profile, or what devices see of it, before it is downloaded; its reuse policy at any time',
  params: IccidParams,
  body: UpdateEUICCProfileRequest,
  permissions: ['order'],
  answers: {
    200: { description: 'The profile', schema: GetEUICCProfileResponse },
    400: { description: 'A member is not valid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: {
      description:
        'The state of the profile does not allow this, and the message says what it allows; or its upstream cannot do it',
      code: 'invalid_transition',
    },
    413: { description: 'The body is too large' },
    415: { description: 'The body is not JSON' },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  respond: async ({ store }: Services<Store>, { env, account, permissions, session, params, body }) => {
    const request = {
      account,
      iccid: parseIccid(params.iccid),
      order: orderChangeOf(body),
      metadata: labelsChangeOf(body),
      ...(body.profile_type !== undefined && { profileType: body.profile_type }),
    };
    const { profile } = await run(updateAnywhere, request, store, env);
    return profileResponse(profile, { env, permissions, session });
  },
});

function orderChangeOf(body: UpdateEUICCProfileRequest) {
  const { expires_at, download_attempts, confirmation_code, profile_reuse_policy } = body;
  return {
    ...(expires_at !== undefined && { expiresAt: expires_at === null ? null : secondsOf(expires_at) }),
    ...(download_attempts !== undefined && { downloadAttempts: download_attempts }),
    ...(confirmation_code !== undefined && { confirmationCode: confirmation_code }),
    ...(profile_reuse_policy !== undefined && { reusePolicy: reusePolicyOf(profile_reuse_policy) }),
  };
}

function labelsChangeOf(body: UpdateEUICCProfileRequest) {
  const { profile_type, ...labels } = body;
  return { ...namesIn(labels), ...metadataIn(labels) };
}
