import { type Static, Type } from '@sinclair/typebox';
import { about, closed, inWords, literals, named } from '../../shapes/shape.ts';
import { deliveryStates } from '../../store/ports/outbox.ts';
import { DeliveryParams, WebhookDelivery } from '../webhooks/delivery.ts';

const EXAMPLE = 'shop';

export const OperatorParams = Type.Object(
  {
    operator: Type.String({
      pattern: '^[A-Za-z0-9._-]{1,64}$',
      ...inWords('1 to 64 letters, digits and . _ -'),
      description: 'The name of an operator of the account',
      examples: [EXAMPLE],
    }),
  },
  closed,
);

export const OperatorDeliveryParams = Type.Object(
  {
    ...OperatorParams.properties,
    deliveryId: about('The id of a delivery to the operator', DeliveryParams.properties.deliveryId),
  },
  closed,
);

export const OperatorDeliveryState = named(
  'OperatorDeliveryState',
  literals(
    deliveryStates,
    'pending: not delivered yet; delivered; failed: ended after three days; skipped: ended because the operator gets no notifications now',
  ),
);

/** As a message to a webhook, but always about an event of a Profile. */
export const OperatorDelivery = Type.Object(
  {
    ...WebhookDelivery.properties,
    type: Type.String({ description: 'The type of the event' }),
    event_id: Type.Optional(Type.Integer({ description: 'The event' })),
    iccid: Type.Optional(Type.String({ description: 'The Profile' })),
    state: about('Whether it has arrived', OperatorDeliveryState),
  },
  {
    $id: 'OperatorDelivery',
    description: 'A call of ES2+.HandleDownloadProgressInfo (SGP.22 5.3.5) to an operator',
    examples: WebhookDelivery.examples,
  },
);
export type OperatorDelivery = Static<typeof OperatorDelivery>;
