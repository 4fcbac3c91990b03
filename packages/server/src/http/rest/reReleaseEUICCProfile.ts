import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { reReleaseProfile } from '@esim-rsp/smdp/operator/lifecycle';
import { run } from '@esim-rsp/smdp/run';
import { operation } from '../operation.ts';
import { GetEUICCProfileResponse } from '../schemas.ts';
import { IccidParams } from './owned-profile.ts';
import { profileResponse } from './profile-response.ts';

export const reReleaseEUICCProfile = operation({
  operationId: 'reReleaseEUICCProfile',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles/:iccid/re-release',
  summary:
    'Lets a profile be downloaded once more: a failed or lost download begins anew, a used profile returns as its reuse policy says',
  params: IccidParams,
  answers: {
    200: {
      description: 'The profile, RELEASED, or DELETED until its cool-down is over',
      schema: GetEUICCProfileResponse,
    },
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
    return profileResponse(await run(reReleaseProfile, request, store, env()), env().smdpAddress);
  },
});
