import { type Static, Type } from '@sinclair/typebox';
import { EUICCProfileState } from '../../shapes/profile-state.ts';
import { about, extending, named } from '../../shapes/shape.ts';
import { Time } from '../../shapes/time.ts';
import { TEST_EVENT_TYPE } from '../../store/ports/webhook-event-types.ts';
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

/** Everything that a webhook can receive. */
export const WebhookMessage = named(
  'WebhookMessage',
  Type.Union([ProfileWebhookMessage, TestWebhookMessage], { description: 'A message to a webhook' }),
);
