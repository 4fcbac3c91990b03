import { eventTypes } from '@esim-rsp/smdp/state/event';
import { named } from '../../shapes/shape.ts';
import type { OperatorStore } from '../../store/ports/operators.ts';
import type { OutboxStore } from '../../store/ports/outbox.ts';
import { operation, type Services } from '../frame/operation.ts';
import { deliveriesPage, deliveriesQuery, readDeliveriesPage } from '../webhooks/delivery-page.ts';
import { OperatorDelivery, OperatorDeliveryState, OperatorParams } from './delivery.ts';
import { ownedOperator } from './owned-operator.ts';

const OperatorDeliveriesQuery = named(
  'OperatorDeliveriesQuery',
  deliveriesQuery(OperatorDeliveryState, eventTypes),
);
const ListOperatorDeliveriesResponse = deliveriesPage('ListOperatorDeliveriesResponse', OperatorDelivery);

export const listOperatorDeliveries = operation({
  operationId: 'listOperatorDeliveries',
  method: 'GET',
  url: '/api/v1/esim/operators/:operator/deliveries',
  isLong: true,
  permissions: ['admin'],
  summary: 'List the download notifications to an operator over ES2+, the newest first',
  params: OperatorParams,
  query: OperatorDeliveriesQuery,
  answers: {
    200: { description: 'A page of deliveries', schema: ListOperatorDeliveriesResponse },
    404: { description: 'The account has no such operator', code: 'operator_not_found' },
  },
  respond: async (
    services: Services<Pick<OperatorStore, 'operator'> & OutboxStore>,
    { account, params, query },
  ) => {
    const { name: target } = await ownedOperator(services, account, params.operator);
    return readDeliveriesPage(services.store, { kind: 'es2', target, account }, query, eventTypes);
  },
});
