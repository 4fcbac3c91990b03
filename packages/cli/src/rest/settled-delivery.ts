import { setTimeout as sleep } from 'node:timers/promises';
import type { ESIMRSPApi, WebhookDelivery } from '@esim-rsp/sdk';
import { CliError } from '../command.ts';
import { show } from '../output.ts';
import type { RestOptions } from './options.ts';
import { resultOf } from './webhook-text.ts';

/** An attempt takes ten seconds at most. */
const TRIES = 60;
const EVERY_MS = 250;

/** The delivery after its first attempt; as it is when that does not come. */
export async function afterAttempt(
  api: ESIMRSPApi,
  webhook: string,
  delivery: WebhookDelivery,
): Promise<WebhookDelivery> {
  let found = delivery;
  for (let tries = 0; tries < TRIES && isWaiting(found); tries++) {
    await sleep(EVERY_MS);
    const { data } = await api.listWebhookDeliveries(webhook, { before: delivery.id + 1, count: 1 });
    found = data.deliveries.find(({ id }) => id === delivery.id) ?? found;
  }
  return found;
}

function isWaiting({ state, last_error }: WebhookDelivery): boolean {
  return state === 'pending' && last_error === undefined;
}

/** Shows what became of it; one that did not arrive ends the command with 1. */
export function showDelivery(options: RestOptions, delivery: WebhookDelivery): void {
  const { state, type } = delivery;
  const result = resultOf(delivery);
  if (state === 'delivered' || options.json) show(options, delivery, `${type} has arrived: ${result}`);
  if (state !== 'delivered')
    throw new CliError(`${type} has not arrived: ${result || 'no attempt was made yet'}`);
}
