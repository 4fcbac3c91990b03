import { operation } from '../operation.ts';
import { ListEUICCProfilesQuery, ListEUICCProfilesResponse } from '../schemas.ts';
import { profileResponse } from './profile-response.ts';

export const listEUICCProfiles = operation({
  operationId: 'listEUICCProfiles',
  method: 'GET',
  url: '/api/v1/esim/euicc-profiles',
  summary: "The account's eUICC profiles by ICCID",
  query: ListEUICCProfilesQuery,
  answers: {
    200: { description: 'A page of profiles', schema: ListEUICCProfilesResponse },
    400: { description: 'A parameter is out of its range' },
  },
  respond: async ({ store, env }, { account, query }) => {
    const { count = 100, offset = 0, state } = query;
    const { total, profiles } = await store.listProfiles({ account, count, offset, ...(state && { state }) });
    const { smdpAddress } = env();
    return {
      total,
      count,
      offset,
      euicc_profiles: profiles.map((profile) => profileResponse(profile, smdpAddress)),
    };
  },
});
