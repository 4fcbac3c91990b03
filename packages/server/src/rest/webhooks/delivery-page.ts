import { type TSchema, Type } from '@sinclair/typebox';
import { about, closed } from '../../shapes/shape.ts';
import type { Delivery, DeliveryLog, DeliveryState, OutboxStore } from '../../store/ports/outbox.ts';
import {
  type LogQuery,
  logFilters,
  logPaging,
  logPlace,
  placeAfter,
  rangeIn,
  typesFilter,
  typesIn,
} from '../frame/log-query.ts';
import { deliveryResponse, type WebhookDelivery } from './delivery.ts';

/** Which deliveries a page has; `state` is the shape of their states, and `types` are those of their events. */
export function deliveriesQuery<S extends TSchema>(state: S, types: readonly string[]) {
  return Type.Object(
    {
      state: Type.Optional(about('Only deliveries in this state', state)),
      ...logPaging('a delivery'),
      types: typesFilter('deliveries', types),
      ...logFilters('deliveries', 'newest'),
    },
    { ...closed, description: 'Which deliveries a page has; their times are those of created_at' },
  );
}

/** A page of deliveries; `name` is its name in the OpenAPI document. */
export function deliveriesPage<D extends TSchema>(name: string, delivery: D) {
  return Type.Object(
    {
      deliveries: Type.Array(delivery, { description: 'The deliveries' }),
      ...logPlace('deliveries'),
    },
    {
      $id: name,
      description: 'A page of deliveries, the newest first unless the request says otherwise',
    },
  );
}

type PageOfDeliveries<D> = { deliveries: D[]; next_cursor?: string; more: boolean };
type Asked = LogQuery & { readonly state?: DeliveryState; readonly types?: string };

/** Reads a page of what was sent, or is to be sent. `written`: how an answer has a delivery. */
export async function readDeliveriesPage<D = WebhookDelivery>(
  store: OutboxStore,
  log: DeliveryLog,
  { state, types, ...range }: Asked,
  known: readonly string[],
  written: (delivery: Delivery) => D = deliveryResponse as (delivery: Delivery) => D,
): Promise<PageOfDeliveries<D>> {
  const page = await store.deliveries({
    ...log,
    ...(state !== undefined && { state }),
    ...(types !== undefined && { types: typesIn(types, known) }),
    ...rangeIn(range, { usual: 'newest' }),
  });
  return { deliveries: page.items.map(written), ...placeAfter(page) };
}
