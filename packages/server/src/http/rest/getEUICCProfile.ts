import { operation } from '../operation.ts';
import { GetEUICCProfileResponse } from '../schemas.ts';
import { IccidParams, ownedProfile } from './owned-profile.ts';
import { profileResponse } from './profile-response.ts';

export const getEUICCProfile = operation({
  operationId: 'getEUICCProfile',
  method: 'GET',
  url: '/api/v1/esim/euicc-profiles/:iccid',
  summary: 'The state of one eUICC profile',
  params: IccidParams,
  answers: {
    200: { description: 'The profile', schema: GetEUICCProfileResponse },
    400: { description: 'Invalid ICCID format', code: 'invalid_iccid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
  },
  respond: async (services, { account, params }) =>
    profileResponse(await ownedProfile(services, account, params.iccid), services.env().smdpAddress),
});
