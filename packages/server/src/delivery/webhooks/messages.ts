import { type Static, Type } from '@sinclair/typebox';
import { EUICCProfileState } from '../../shapes/profile-state.ts';
import { about, extending, named } from '../../shapes/shape.ts';
import { Time } from '../../shapes/time.ts';
import {
  ANCHOR_EVENT_TYPE,
  STOCK_EVENT_TYPE,
  TEST_EVENT_TYPE,
} from '../../store/ports/webhook-event-types.ts';
import { eventExample, ProfileEvent, ProfileEventType } from '../event-message.ts';

const ProfileEventData = named(
  'ProfileEventData',
  Type.Object(
    {
      ...ProfileEvent.properties,
      state: about('The state of the Profile after the event', EUICCProfileState),
    },
    { ...extending(ProfileEvent), description: 'The event, and the state that it led to' },
  ),
);

export const ProfileWebhookMessage = Type.Object(
  {
    type: about('What happened', ProfileEventType),
    timestamp: Time('When it happened'),
    data: ProfileEventData,
  },
  {
    $id: 'ProfileWebhookMessage',
    description:
      'What a webhook receives when something happened to a Profile. It has no activation code and no key',
    examples: [
      {
        type: eventExample.type,
        timestamp: eventExample.occurred_at,
        data: { ...eventExample, state: eventExample.to },
      },
    ],
  },
);
export type ProfileWebhookMessage = Static<typeof ProfileWebhookMessage>;

export const TestWebhookMessage = Type.Object(
  {
    type: Type.Literal(TEST_EVENT_TYPE, { description: 'Always this type' }),
    timestamp: Time('When the test was requested'),
    data: Type.Object(
      { webhook_id: Type.String({ description: 'The id of the webhook' }) },
      { description: 'The webhook that is tested' },
    ),
  },
  {
    $id: 'TestWebhookMessage',
    description: 'What a test of a webhook sends',
    examples: [
      {
        type: TEST_EVENT_TYPE,
        timestamp: eventExample.occurred_at,
        data: { webhook_id: 'we_5b1f0c3a9d2e47f86a1b0c2d' },
      },
    ],
  },
);
export type TestWebhookMessage = Static<typeof TestWebhookMessage>;

export const StockWebhookMessage = Type.Object(
  {
    type: Type.Literal(STOCK_EVENT_TYPE, { description: 'Always this type' }),
    timestamp: Time('When the server noticed it'),
    data: Type.Object(
      {
        profile_type: Type.String({ description: 'The type of the Profiles' }),
        available: Type.Integer({ description: 'How many of them were AVAILABLE' }),
        low_stock_at: Type.Integer({ description: 'The limit of the type' }),
      },
      { description: 'The stock and its limit' },
    ),
  },
  {
    $id: 'StockWebhookMessage',
    description: 'The stock of a type of Profiles has fallen to its limit (PATCH /profile-types)',
    examples: [
      {
        type: STOCK_EVENT_TYPE,
        timestamp: eventExample.occurred_at,
        data: { profile_type: 'basic', available: 100, low_stock_at: 100 },
      },
    ],
  },
);
export type StockWebhookMessage = Static<typeof StockWebhookMessage>;

export const AnchorWebhookMessage = Type.Object(
  {
    type: Type.Literal(ANCHOR_EVENT_TYPE, { description: 'Always this type' }),
    timestamp: Time('When it was signed'),
    data: Type.Object(
      {
        line: Type.String({
          description:
            'The anchor, one line of JSON: append it to a file of yours as it is. `anchor` has the heads of the audit log and of the events of the account; `signature` is ECDSA on P-256 over the octets of `anchor`, in base64',
        }),
      },
      { description: 'What was signed' },
    ),
  },
  {
    $id: 'AnchorWebhookMessage',
    description:
      'The heads of the logs of the account were signed. Who keeps the line can find out later that somebody has changed the logs (`esim audit verify --anchors`)',
    examples: [
      {
        type: ANCHOR_EVENT_TYPE,
        timestamp: eventExample.occurred_at,
        data: {
          line: `{"anchor":{"version":1,"key":"6f1c0b7a5d2e9384","number":17,"at":1772359200000,"account":"demo","heads":[{"log":"event","entry":42,"head":"${'7b'.repeat(32)}"}]},"signature":"${'A'.repeat(86)}=="}`,
        },
      },
    ],
  },
);
export type AnchorWebhookMessage = Static<typeof AnchorWebhookMessage>;

/** Everything that a webhook can receive. */
export const WebhookMessage = named(
  'WebhookMessage',
  Type.Union([ProfileWebhookMessage, StockWebhookMessage, AnchorWebhookMessage, TestWebhookMessage], {
    description: 'A message to a webhook',
  }),
);
