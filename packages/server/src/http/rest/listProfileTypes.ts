import { operation } from '../operation.ts';
import { ListProfileTypesResponse } from '../schemas-types.ts';

export const listProfileTypes = operation({
  operationId: 'listProfileTypes',
  method: 'GET',
  url: '/api/v1/esim/profile-types',
  summary: "The types of the account's profiles, and how many of each are in which state",
  answers: { 200: { description: 'All types', schema: ListProfileTypesResponse } },
  respond: async ({ store }, { account }) => {
    const types = new Map<string, Record<string, number>>();
    for (const { profileType, state, count } of await store.profileTypes(account))
      types.set(profileType, { ...types.get(profileType), [state]: count });
    const profile_types = [...types].map(([profile_type, states]) => ({
      profile_type,
      total: Object.values(states).reduce((sum, count) => sum + count, 0),
      states,
    }));
    return { total: profile_types.length, profile_types };
  },
});
