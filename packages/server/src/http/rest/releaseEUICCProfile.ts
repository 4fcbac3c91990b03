import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { releaseProfile } from '@esim-rsp/smdp/es2/releaseProfile';
import { run } from '@esim-rsp/smdp/run';
import { operation } from '../operation.ts';
import { GetEUICCProfileResponse } from '../schemas.ts';
import { IccidParams } from './owned-profile.ts';
import { profileResponse } from './profile-response.ts';

export const releaseEUICCProfile = operation({
  operationId: 'releaseEUICCProfile',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles/:iccid/release',
  summary: 'Releases a CONFIRMED profile for download',
  params: IccidParams,
  answers: {
    200: { description: 'The profile, RELEASED', schema: GetEUICCProfileResponse },
    400: { description: 'Invalid ICCID format', code: 'invalid_iccid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: {
      description: 'The state of the profile does not allow this; the message says what it allows',
      code: 'invalid_transition',
    },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  respond: async ({ store, env }, { account, params }) => {
    const request = { account, iccid: parseIccid(params.iccid) };
    return profileResponse(await run(releaseProfile, request, store, env()), env().smdpAddress);
  },
});
