import type { CoreNetworkStore } from '../../store/ports/gateway/core-networks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { CoreNetworkParams } from './core-network.ts';
import { noSuchCoreNetwork } from './owned-core-network.ts';

export const deleteCoreNetwork = operation({
  operationId: 'deleteCoreNetwork',
  method: 'DELETE',
  url: '/api/v1/esim/core-networks/:coreNetwork',
  permissions: ['admin'],
  summary:
    'Delete a core network here, with its credentials and its deliveries; the subscriptions that it has stay there',
  params: CoreNetworkParams,
  answers: {
    204: { description: 'The core network is deleted' },
    404: { description: 'There is no such core network', code: 'core_network_not_found' },
  },
  respond: async ({ store }: Services<CoreNetworkStore>, { account, params: { coreNetwork } }, reply) => {
    if ((await store.deleteCoreNetwork(account, coreNetwork)) === 'unknown')
      throw noSuchCoreNetwork(coreNetwork);
    reply.status(204);
  },
});
