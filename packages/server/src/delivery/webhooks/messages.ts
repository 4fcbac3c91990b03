import { profileStates } from '@esim-rsp/smdp/state/profile';
import { type Static, Type } from '@sinclair/typebox';
import { literals } from '../../shapes/literals.ts';
import { Time } from '../../shapes/time.ts';
import { TEST_EVENT_TYPE, webhookEventTypes } from '../../store/ports/webhook-event-types.ts';
import { eventExample, ProfileEvent } from '../event-message.ts';

/** What a webhook receives when something happened to a profile. */
export const ProfileWebhookMessage = Type.Object(
  {
    type: literals(webhookEventTypes),
    timestamp: Time('When it happened'),
    data: Type.Object({
      ...ProfileEvent.properties,
      state: literals(profileStates, 'The state of the Profile after the event'),
    }),
  },
  {
    $id: 'ProfileWebhookMessage',
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

/** What a test of a webhook sends. */
export const TestWebhookMessage = Type.Object(
  {
    type: Type.Literal(TEST_EVENT_TYPE),
    timestamp: Time('When the test was requested'),
    data: Type.Object({ webhook_id: Type.String() }),
  },
  {
    $id: 'TestWebhookMessage',
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
