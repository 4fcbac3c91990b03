import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WebhookEndpoint } from '../../store/ports/webhooks.ts';
import { GIVE_UP_AFTER_MS } from '../settle.ts';
import { updateEndpoint } from './channel.ts';

const NOW = 1_700_000_000_000;
const endpoint = { id: 'we_1' } as WebhookEndpoint;
const refused = { state: 'refused', error: 'answered 500', status: 500 } as const;

test('an endpoint that fails is disabled when nothing has arrived for three days, and says why', () => {
  const failing = updateEndpoint(endpoint, refused, NOW);
  assert.deepEqual(failing, { ...endpoint, failingSince: NOW });
  assert.equal(updateEndpoint(failing, refused, NOW + GIVE_UP_AFTER_MS - 1).disabled, undefined);
  const { disabled } = updateEndpoint(failing, refused, NOW + GIVE_UP_AFTER_MS);
  assert.equal(disabled?.reason, 'every delivery has failed since 2023-11-14T22:13:20.000Z: answered 500');
});

test('one delivery that arrives makes all good again', () => {
  const failing = { ...endpoint, failingSince: NOW };
  assert.deepEqual(updateEndpoint(failing, { state: 'delivered', status: 200 }, NOW), endpoint);
});

test('an endpoint that says that it is gone is disabled at once', () => {
  const { disabled } = updateEndpoint(endpoint, { ...refused, status: 410 }, NOW);
  assert.deepEqual(disabled, { at: NOW, reason: 'answered 410 Gone: the receiver wants no more events' });
});
