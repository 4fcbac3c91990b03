import type { InventoryStore } from '../../store/ports/inventory.ts';
import type { TemplateStore } from '../../store/ports/templates.ts';
import { operation, type Services } from '../frame/operation.ts';
import { ListProfileTypesResponse } from './schemas-types.ts';

export const listProfileTypes = operation({
  operationId: 'listProfileTypes',
  method: 'GET',
  url: '/api/v1/esim/profile-types',
  summary: "The types of the account's profiles, and how many of each are in which state",
  answers: { 200: { description: 'All types', schema: ListProfileTypesResponse } },
  respond: async ({ store }: Services<InventoryStore & TemplateStore>, { account }) => {
    const [counts, templates] = await Promise.all([store.profileTypes(account), store.templates(account)]);
    const left = new Map(templates.map(({ profileType, size, passed }) => [profileType, size - passed]));
    const types = new Map<string, Record<string, number>>([...left.keys()].map((type) => [type, {}]));
    for (const { profileType, state, count } of counts)
      types.set(profileType, { ...types.get(profileType), [state]: count });
    const profile_types = [...types]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([profile_type, states]) => ({
        profile_type,
        total: Object.values(states).reduce((sum, count) => sum + count, 0),
        states,
        ...(left.has(profile_type) && { template_free_numbers: left.get(profile_type) }),
      }));
    return { total: profile_types.length, profile_types };
  },
});
