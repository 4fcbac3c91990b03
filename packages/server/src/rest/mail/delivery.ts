import { type Static, Type } from '@sinclair/typebox';
import { languageOf } from '../../delivery/mail/new-mail.ts';
import { about, literals, named } from '../../shapes/shape.ts';
import { type Delivery, deliveryStates } from '../../store/ports/outbox.ts';
import { deliveryResponse, WebhookDelivery } from '../webhooks/delivery.ts';

export const MailDeliveryState = named(
  'MailDeliveryState',
  literals(
    deliveryStates,
    'pending: not accepted yet; delivered: the mail server has accepted it; failed: refused for good, or not accepted within three days; skipped: what it is about is gone',
  ),
);

const { event_id: _, ...common } = WebhookDelivery.properties;

export const MailDelivery = Type.Object(
  {
    ...common,
    type: Type.String({ description: 'The kind of mail' }),
    iccid: Type.Optional(Type.String({ description: 'The Profile that it is about' })),
    to: Type.String({ description: 'The mail address' }),
    language: Type.String({ description: 'The language of the mail' }),
    state: about('Whether the mail server has accepted it', MailDeliveryState),
    created_at: about('When the mail was requested', common.created_at),
    last_status: Type.Optional(Type.Integer({ description: 'The SMTP code of the last answer' })),
  },
  {
    $id: 'MailDelivery',
    description: 'A mail. It has no link and no code: the text is built when it is sent',
    examples: [
      {
        id: 7,
        type: 'test',
        to: 'anna@example.com',
        language: 'en',
        state: 'delivered',
        attempts: 1,
        created_at: '2026-03-01T10:00:00.000Z',
        last_attempt_at: '2026-03-01T10:00:00.000Z',
        last_status: 250,
      },
    ],
  },
);
type MailDelivery = Static<typeof MailDelivery>;

export function mailDeliveryResponse(delivery: Delivery): MailDelivery {
  const { event_id: _, ...common } = deliveryResponse(delivery);
  return { ...common, to: delivery.target, language: languageOf(delivery) };
}
