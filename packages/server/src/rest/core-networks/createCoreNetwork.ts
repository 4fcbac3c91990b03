import { Type } from '@sinclair/typebox';
import { closed } from '../../shapes/shape.ts';
import type { EventStore } from '../../store/ports/events.ts';
import type { CoreNetworkStore } from '../../store/ports/gateway/core-networks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import {
  Columns,
  CoreNetworkKind,
  CoreNetworkParams,
  CoreNetworkWithSecret,
  connectionMembers,
  coreNetworkResponse,
  termMembers,
} from './core-network.ts';
import { changeConnection, mustBeComplete, newConnection } from './settings.ts';

const CreateCoreNetworkRequest = Type.Object(
  {
    name: CoreNetworkParams.properties.coreNetwork,
    kind: CoreNetworkKind,
    ...Type.Partial(Type.Object({ ...connectionMembers, ...termMembers })).properties,
    columns: Type.Optional(Columns),
  },
  { ...closed, $id: 'CreateCoreNetworkRequest', description: 'A core network to create' },
);

/** Core networks of one account. */
export const MOST_CORE_NETWORKS = 20;

export const createCoreNetwork = operation({
  operationId: 'createCoreNetwork',
  method: 'POST',
  url: '/api/v1/esim/core-networks',
  permissions: ['admin'],
  summary:
    'Create a core network: it gets the subscriptions of the profiles that are created, ordered or released from now on',
  body: CreateCoreNetworkRequest,
  answers: {
    201: {
      description: 'The core network, and the secret of push, which is shown once',
      schema: CoreNetworkWithSecret,
    },
    400: { description: 'A member is not valid, or the URL is in a private network', code: 'invalid_value' },
    409: {
      description: 'There is a core network of this name, or there are too many',
      code: 'core_network_exists',
    },
  },
  targets: ({ body }) => [body.name],
  respond: async (
    { store, coreAccess }: Services<CoreNetworkStore & EventStore>,
    { env, account, body },
    reply,
  ) => {
    const { name, kind, columns, ...requested } = body;
    const before = newConnection(kind, columns, env.random);
    const connection = mustBeComplete(changeConnection(before, requested, coreAccess), coreAccess);
    const after = await store.lastEventId();
    const core = { ...connection, account, name, after, createdAt: env.now };
    const added = await store.addCoreNetwork(core, MOST_CORE_NETWORKS);
    if (added === 'exists')
      throw new HttpProblem(
        409,
        'core_network_exists',
        `there is a core network ${name} already: choose another name`,
      );
    if (added === 'full')
      throw new HttpProblem(
        409,
        'too_many_core_networks',
        `there are ${MOST_CORE_NETWORKS} core networks already: delete one that you do not need any more`,
      );
    reply.status(201).header('location', `/api/v1/esim/core-networks/${name}`);
    const { secret } = core.credentials;
    return { ...coreNetworkResponse(core), ...(secret !== undefined && { secret }) };
  },
});
