import { Type } from '@sinclair/typebox';
import type { CoreNetworkStore } from '../../store/ports/gateway/core-networks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { CoreNetwork, CoreNetworkParams, coreNetworkResponse } from './core-network.ts';
import { ownedCoreNetwork } from './owned-core-network.ts';

const ListCoreNetworksResponse = Type.Object(
  {
    total: Type.Integer({ description: 'How many core networks there are' }),
    core_networks: Type.Array(CoreNetwork, { description: 'The core networks, by name' }),
  },
  { $id: 'ListCoreNetworksResponse', description: 'The core networks of the account' },
);

export const listCoreNetworks = operation({
  operationId: 'listCoreNetworks',
  method: 'GET',
  url: '/api/v1/esim/core-networks',
  permissions: ['admin'],
  summary: 'List the core networks of the account',
  answers: { 200: { description: 'The core networks, by name', schema: ListCoreNetworksResponse } },
  respond: async ({ store }: Services<CoreNetworkStore>, { account }) => {
    const core_networks = (await store.coreNetworks(account)).map(coreNetworkResponse);
    return { total: core_networks.length, core_networks };
  },
});

export const getCoreNetwork = operation({
  operationId: 'getCoreNetwork',
  method: 'GET',
  url: '/api/v1/esim/core-networks/:coreNetwork',
  permissions: ['admin'],
  summary: 'Get one core network, without its credentials',
  params: CoreNetworkParams,
  answers: {
    200: { description: 'The core network', schema: CoreNetwork },
    404: { description: 'There is no such core network', code: 'core_network_not_found' },
  },
  respond: async (services: Services<CoreNetworkStore>, { account, params }) =>
    coreNetworkResponse(await ownedCoreNetwork(services, account, params.coreNetwork)),
});
