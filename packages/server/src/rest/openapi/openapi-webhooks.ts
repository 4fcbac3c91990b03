import type { TSchema } from '@sinclair/typebox';
import {
  AnchorWebhookMessage,
  ProfileWebhookMessage,
  StockWebhookMessage,
  TestWebhookMessage,
} from '../../delivery/webhooks/messages.ts';
import { exampleOf } from './openapi-examples.ts';

type Json = Readonly<Record<string, unknown>>;

const messages = {
  profileEvent: { summary: 'Something happened to a profile', shape: ProfileWebhookMessage },
  logAnchored: { summary: 'The heads of the logs of the account were signed', shape: AnchorWebhookMessage },
  stockLow: { summary: 'The stock of a type has fallen to its limit', shape: StockWebhookMessage },
  webhookTest: { summary: 'A test of the webhook was requested', shape: TestWebhookMessage },
};

const SIGNED = 'The server sends it to the URL of a webhook, and signs it with the secret of the webhook.';

const text = { type: 'string' };
const headers = {
  'webhook-id': [
    'The same each time the message is sent: ignore messages that you have processed',
    'msg_5b1f0c3a_17',
  ],
  'webhook-timestamp': ['Unix seconds: when it was sent', '1772359201'],
  'webhook-signature': [
    'Signatures with spaces between: v1, and base64 of HMAC-SHA256 over webhook-id.webhook-timestamp.body',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ],
} as const;

/** What webhooks are sent, for the OpenAPI document (3.1). */
export function documentedWebhooks(schemaOf: (schema: TSchema) => Json): Json {
  const parameters = Object.entries(headers).map(([name, [description, example]]) => {
    return { name, in: 'header', required: true, description, schema: text, example };
  });
  return Object.fromEntries(
    Object.entries(messages).map(([operationId, { summary, shape }]) => {
      const content = { 'application/json': { schema: schemaOf(shape), example: exampleOf(shape) } };
      const responses = {
        '2XX': { description: 'The message has arrived; after any other answer the server sends it again' },
      };
      return [
        operationId,
        {
          post: {
            operationId,
            summary,
            description: SIGNED,
            security: [],
            parameters,
            requestBody: { required: true, content },
            responses,
          },
        },
      ];
    }),
  );
}
