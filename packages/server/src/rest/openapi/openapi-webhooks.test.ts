import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { eventPayload, testPayload } from '../../delivery/webhooks/payload.ts';
import type { Delivery } from '../../store/ports/outbox.ts';
import { operations } from '../operations.ts';
import { openApiDocument } from './openapi.ts';
import { openApi30 } from './openapi-3.0.ts';

type Webhook = { post: { requestBody: { content: Record<string, { schema: object; example: unknown }> } } };
const document = openApiDocument(operations, '1.0.0');
const webhooks = document.webhooks as Readonly<Record<string, Webhook>>;
const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(document, 'doc');

function mustFit(name: string, value: unknown): void {
  const { schema } = webhooks[name]?.post.requestBody.content['application/json'] ?? assert.fail(name);
  const located = JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"doc#/'));
  assert.ok(ajv.validate(located, value), ajv.errorsText());
}

test('what is sent to webhooks fits what the document says of it, and so do its examples', () => {
  const event = {
    id: 17,
    type: 'profile.error',
    iccid: parseIccid('8900101000000000017'),
    account: 'lab',
    at: 1_772_359_200_987,
    actor: { kind: 'device', eid: parseEid('89049032123451234512345678901235') },
    from: 'DOWNLOADED',
    to: 'ERROR',
    reason: { subjectCode: '8.2.10', reasonCode: '4.2', message: 'no memory' },
    point: 4,
  } as const;
  mustFit('profileEvent', JSON.parse(eventPayload(event)));
  mustFit('webhookTest', JSON.parse(testPayload({ target: 'we_1', createdAt: event.at } as Delivery)));
  for (const [name, { post }] of Object.entries(webhooks))
    mustFit(name, post.requestBody.content['application/json']?.example);
});

test('the document for generators of OpenAPI 3.0, which has no word for webhooks, is without them', () => {
  assert.equal(openApi30(document).webhooks, undefined);
});
