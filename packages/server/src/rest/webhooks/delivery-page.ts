import { type TSchema, Type } from '@sinclair/typebox';
import { about, Count, Cursor, closed } from '../../shapes/shape.ts';
import type { DeliveryState, OutboxStore, Target } from '../../store/ports/outbox.ts';
import { deliveryResponse, type WebhookDelivery } from './delivery.ts';

/** Which deliveries a page has; `state` is the shape of their states. */
export function deliveriesQuery<S extends TSchema>(state: S) {
  return Type.Object(
    {
      state: Type.Optional(about('Only deliveries in this state', state)),
      cursor: Type.Optional(
        about('next_cursor of the previous page; without it, the newest deliveries', Cursor),
      ),
      count: Type.Optional(Count),
    },
    { ...closed, description: 'Which deliveries a page has' },
  );
}

/** A page of deliveries; `name` is its name in the OpenAPI document. */
export function deliveriesPage<D extends TSchema>(name: string, delivery: D) {
  return Type.Object(
    {
      deliveries: Type.Array(delivery, { description: 'The deliveries' }),
      next_cursor: Type.Optional(
        Type.String({
          description: 'The cursor of the next page; absent when there are no older deliveries',
        }),
      ),
      more: Type.Boolean({ description: 'Whether there are older deliveries' }),
    },
    { $id: name, description: 'A page of deliveries, the newest first' },
  );
}

type PageOfDeliveries = { deliveries: WebhookDelivery[]; next_cursor?: string; more: boolean };
type Asked = { readonly state?: DeliveryState; readonly cursor?: string; readonly count?: number };

/** Reads a page of what was sent to a target, or is to be sent; `account`: only its deliveries. */
export async function readDeliveriesPage(
  store: OutboxStore,
  { kind, target, account }: Target & { readonly account?: string },
  { state, cursor, count = 100 }: Asked,
): Promise<PageOfDeliveries> {
  const found = await store.deliveries({
    kind,
    target,
    ...(account !== undefined && { account }),
    ...(state !== undefined && { state }),
    ...(cursor !== undefined && { before: Number(cursor) }),
    count: count + 1,
  });
  const deliveries = found.slice(0, count).map(deliveryResponse);
  const more = found.length > count;
  return { deliveries, ...(more && { next_cursor: String(deliveries.at(-1)?.id) }), more };
}
