import { Type } from '@sinclair/typebox';
import { about, Count, Cursor, closed, named } from '../../shapes/shape.ts';
import type { OperatorStore } from '../../store/ports/operators.ts';
import type { OutboxStore } from '../../store/ports/outbox.ts';
import { operation, type Services } from '../frame/operation.ts';
import { deliveryResponse } from '../webhooks/delivery.ts';
import { OperatorDelivery, OperatorDeliveryState, OperatorParams } from './delivery.ts';
import { ownedOperator } from './owned-operator.ts';

const OperatorDeliveriesQuery = named(
  'OperatorDeliveriesQuery',
  Type.Object(
    {
      state: Type.Optional(about('Only deliveries in this state', OperatorDeliveryState)),
      cursor: Type.Optional(
        about('next_cursor of the previous page; without it, the newest deliveries', Cursor),
      ),
      count: Type.Optional(Count),
    },
    { ...closed, description: 'Which deliveries a page has' },
  ),
);

const ListOperatorDeliveriesResponse = Type.Object(
  {
    deliveries: Type.Array(OperatorDelivery, { description: 'The deliveries' }),
    next_cursor: Type.Optional(
      Type.String({ description: 'The cursor of the next page; absent when there are no older deliveries' }),
    ),
    more: Type.Boolean({ description: 'Whether there are older deliveries' }),
  },
  { $id: 'ListOperatorDeliveriesResponse', description: 'A page of deliveries, the newest first' },
);

export const listOperatorDeliveries = operation({
  operationId: 'listOperatorDeliveries',
  method: 'GET',
  url: '/api/v1/esim/operators/:operator/deliveries',
  permissions: ['admin'],
  summary: 'List the download notifications to an operator over ES2+, the newest first',
  params: OperatorParams,
  query: OperatorDeliveriesQuery,
  answers: {
    200: { description: 'A page of deliveries', schema: ListOperatorDeliveriesResponse },
    404: { description: 'The account has no such operator', code: 'operator_not_found' },
  },
  respond: async (
    services: Services<Pick<OperatorStore, 'operators'> & OutboxStore>,
    { account, params, query: { count = 100, cursor, state } },
  ) => {
    const { name: target } = await ownedOperator(services, account, params.operator);
    const found = await services.store.deliveries({
      kind: 'es2',
      target,
      account,
      ...(state !== undefined && { state }),
      ...(cursor !== undefined && { before: Number(cursor) }),
      count: count + 1,
    });
    const deliveries = found.slice(0, count).map(deliveryResponse);
    const more = found.length > count;
    return { deliveries, ...(more && { next_cursor: String(deliveries.at(-1)?.id) }), more };
  },
});
