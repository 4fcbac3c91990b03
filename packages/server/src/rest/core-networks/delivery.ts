import { type Static, Type } from '@sinclair/typebox';
import { coreActions } from '../../delivery/core/membership.ts';
import { about, closed, literals, named } from '../../shapes/shape.ts';
import { type Delivery, deliveryStates } from '../../store/ports/outbox.ts';
import { DeliveryParams, deliveryResponse, WebhookDelivery } from '../webhooks/delivery.ts';
import { CoreNetworkParams } from './core-network.ts';

export const CoreDeliveryParams = Type.Object(
  {
    ...CoreNetworkParams.properties,
    coreDeliveryId: about('The id of a delivery of the core network', DeliveryParams.properties.deliveryId),
  },
  closed,
);

export const CoreDeliveryState = named(
  'CoreDeliveryState',
  literals(
    deliveryStates,
    'pending: not done yet; delivered: the core network has done it; failed: ended after three days; skipped: nothing was to be done, last_error says why',
  ),
);

export const CoreDelivery = Type.Object(
  {
    ...WebhookDelivery.properties,
    type: named('CoreAction', literals(coreActions, 'What is done with the subscription of the profile')),
    event_id: Type.Optional(Type.Integer({ description: 'The event; absent if a user has requested it' })),
    state: about('Whether it was done', CoreDeliveryState),
    last_status: Type.Optional(
      Type.Integer({ description: 'The HTTP status of the last answer, if there was one' }),
    ),
  },
  {
    $id: 'CoreDelivery',
    description: 'A change that a core network is to make. It has no keys: they are read when it is sent',
    examples: [
      {
        id: 7,
        type: 'add',
        event_id: 17,
        iccid: '8900101000000000017',
        state: 'delivered',
        attempts: 1,
        created_at: '2026-03-01T10:00:00.000Z',
        last_attempt_at: '2026-03-01T10:00:00.000Z',
      },
    ],
  },
);
type CoreDelivery = Static<typeof CoreDelivery>;

export function coreDeliveryResponse(delivery: Delivery): CoreDelivery {
  const { type, ...others } = deliveryResponse(delivery);
  return { ...others, type: type as CoreDelivery['type'] };
}
