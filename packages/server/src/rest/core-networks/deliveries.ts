import { Type } from '@sinclair/typebox';
import { coreActions } from '../../delivery/core/membership.ts';
import { closed, named } from '../../shapes/shape.ts';
import { type CoreNetworkStore, coreTarget } from '../../store/ports/gateway/core-networks.ts';
import { type OutboxStore, repeatOf } from '../../store/ports/outbox.ts';
import type { ProfileStore } from '../../store/ports/profiles.ts';
import { unknownUnlessOf } from '../../store/ports/unreadable-rows.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { IccidParams, ownedProfile } from '../profiles/owned-profile.ts';
import { deliveriesPage, deliveriesQuery, readDeliveriesPage } from '../webhooks/delivery-page.ts';
import { mustHaveEnded } from '../webhooks/must-have-ended.ts';
import { CoreNetworkParams } from './core-network.ts';
import { CoreDelivery, CoreDeliveryParams, CoreDeliveryState, coreDeliveryResponse } from './delivery.ts';
import { ownedCoreNetwork } from './owned-core-network.ts';

const CoreDeliveriesQuery = named('CoreDeliveriesQuery', deliveriesQuery(CoreDeliveryState, coreActions));
const ListCoreDeliveriesResponse = deliveriesPage('ListCoreDeliveriesResponse', CoreDelivery);
const UNKNOWN = { description: 'There is no such core network', code: 'core_network_not_found' } as const;

export const listCoreDeliveries = operation({
  operationId: 'listCoreDeliveries',
  method: 'GET',
  url: '/api/v1/esim/core-networks/:coreNetwork/deliveries',
  isLong: true,
  permissions: ['admin'],
  summary: 'List what a core network was sent, and is to be sent, the newest first',
  params: CoreNetworkParams,
  query: CoreDeliveriesQuery,
  answers: {
    200: { description: 'A page of deliveries', schema: ListCoreDeliveriesResponse },
    404: UNKNOWN,
  },
  respond: async (services: Services<CoreNetworkStore & OutboxStore>, { account, params, query }) => {
    const core = await ownedCoreNetwork(services, account, params.coreNetwork);
    const log = { kind: 'core', target: coreTarget(core), account } as const;
    return readDeliveriesPage(services.store, log, query, coreActions, coreDeliveryResponse);
  },
});

const SendToCoreNetworkRequest = Type.Object(IccidParams.properties, {
  ...closed,
  $id: 'SendToCoreNetworkRequest',
  description: 'The profile whose subscription is to be sent',
});

export const sendToCoreNetwork = operation({
  operationId: 'sendToCoreNetwork',
  method: 'POST',
  url: '/api/v1/esim/core-networks/:coreNetwork/deliveries',
  permissions: ['admin'],
  summary:
    'Send the subscription of a profile to a core network now, for example if the profile is older than the core network',
  params: CoreNetworkParams,
  body: SendToCoreNetworkRequest,
  answers: {
    202: { description: 'The delivery, which the server attempts at once', schema: CoreDelivery },
    404: { description: 'There is no such core network or profile', code: 'core_network_not_found' },
  },
  targets: ({ body }) => [body.iccid],
  respond: async (
    services: Services<CoreNetworkStore & OutboxStore & Pick<ProfileStore, 'profile'>>,
    { env, account, params, body },
    reply,
  ) => {
    const core = await ownedCoreNetwork(services, account, params.coreNetwork);
    const { iccid } = await ownedProfile(services, account, body.iccid);
    const target = { kind: 'core', target: coreTarget(core), account } as const;
    const delivery = { ...target, type: 'add', iccid, createdAt: env.now };
    reply.status(202);
    return coreDeliveryResponse(await services.store.addDelivery(delivery));
  },
  ifLost: 'the delivery is the last one in the list of its deliveries',
});

export const replayCoreDelivery = operation({
  operationId: 'replayCoreDelivery',
  method: 'POST',
  url: '/api/v1/esim/core-networks/:coreNetwork/deliveries/:coreDeliveryId/replay',
  permissions: ['admin'],
  summary: 'Do a delivery to a core network again, as the profile is now',
  params: CoreDeliveryParams,
  answers: {
    202: { description: 'The new delivery, which the server attempts at once', schema: CoreDelivery },
    404: { description: 'There is no such core network or delivery', code: 'delivery_not_found' },
    409: { description: 'The delivery is still pending', code: 'delivery_pending' },
  },
  respond: async (services: Services<CoreNetworkStore & OutboxStore>, { env, account, params }, reply) => {
    const { store } = services;
    const core = await ownedCoreNetwork(services, account, params.coreNetwork);
    const { coreDeliveryId: id } = params;
    const known = await store.delivery(id).catch(unknownUnlessOf(account));
    if (known?.kind !== 'core' || known.account !== account || known.target !== coreTarget(core))
      throw new HttpProblem(404, 'delivery_not_found', `the core network ${core.name} has no delivery ${id}`);
    mustHaveEnded(known);
    reply.status(202);
    return coreDeliveryResponse(await store.addDelivery(repeatOf(known, env.now)));
  },
  ifLost: 'the delivery is the last one in the list of its deliveries',
});
