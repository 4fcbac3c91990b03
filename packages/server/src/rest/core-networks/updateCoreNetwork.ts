import { Type } from '@sinclair/typebox';
import { closed, orNull } from '../../shapes/shape.ts';
import type { CoreNetworkStore } from '../../store/ports/gateway/core-networks.ts';
import { operation, type Services } from '../frame/operation.ts';
import {
  CoreNetwork,
  CoreNetworkParams,
  connectionMembers,
  coreNetworkResponse,
  termMembers,
} from './core-network.ts';
import { noSuchCoreNetwork, ownedCoreNetwork } from './owned-core-network.ts';
import { changeConnection } from './settings.ts';

const UpdateCoreNetworkRequest = Type.Object(
  {
    ...Type.Partial(Type.Object({ ...connectionMembers, ...termMembers })).properties,
    ca: Type.Optional(orNull(connectionMembers.ca)),
    token: Type.Optional(orNull(connectionMembers.token)),
    plmn: Type.Optional(orNull(connectionMembers.plmn)),
    sd: Type.Optional(orNull(termMembers.sd)),
  },
  {
    ...closed,
    $id: 'UpdateCoreNetworkRequest',
    description:
      'Changes of a core network. Members that are absent stay as they are; null is for none: of ca, the public CAs',
    examples: [{ apn: 'iot' }],
  },
);

export const updateCoreNetwork = operation({
  operationId: 'updateCoreNetwork',
  method: 'PATCH',
  url: '/api/v1/esim/core-networks/:coreNetwork',
  permissions: ['admin'],
  summary: 'Update a core network; subscriptions that it has stay as they are until they are sent again',
  params: CoreNetworkParams,
  body: UpdateCoreNetworkRequest,
  answers: {
    200: { description: 'The core network', schema: CoreNetwork },
    400: { description: 'A member is not valid, or the URL is in a private network', code: 'invalid_value' },
    404: { description: 'There is no such core network', code: 'core_network_not_found' },
  },
  respond: async (services: Services<CoreNetworkStore>, { account, params, body }) => {
    const { coreNetwork: name } = params;
    const { coreAccess } = services;
    changeConnection(await ownedCoreNetwork(services, account, name), body, coreAccess);
    const core = await services.store.updateCoreNetwork(account, name, (before) => ({
      ...before,
      ...changeConnection(before, body, coreAccess),
    }));
    if (core === undefined) throw noSuchCoreNetwork(name);
    return coreNetworkResponse(core);
  },
});
