import { setTimeout as sleep } from 'node:timers/promises';
import type { ESIMRSPApi, WebhookDelivery } from '@esim-rsp/sdk';
import { CliError } from '../command.ts';
import { show } from '../output.ts';
import type { RestOptions } from './options.ts';
import { resultOf } from './webhook-text.ts';

/** An attempt takes at most ten seconds. */
const TRIES = 60;
const EVERY_MS = 250;

/** Waits for the first attempt of a delivery. Without an attempt it returns the delivery as it is. */
export async function afterAttempt(
  api: ESIMRSPApi,
  webhook: string,
  delivery: WebhookDelivery,
): Promise<WebhookDelivery> {
  let found = delivery;
  for (let tries = 0; tries < TRIES && isWaiting(found); tries++) {
    await sleep(EVERY_MS);
    const { data } = await api.listWebhookDeliveries(webhook, { cursor: String(delivery.id + 1), count: 1 });
    found = data.deliveries.find(({ id }) => id === delivery.id) ?? found;
  }
  return found;
}

function isWaiting({ state, last_error }: WebhookDelivery): boolean {
  return state === 'pending' && last_error === undefined;
}

/** Shows the result of a delivery. If it did not arrive, the command ends with exit code 1. */
export function showDelivery(options: RestOptions, delivery: WebhookDelivery): void {
  const { state, type } = delivery;
  const result = resultOf(delivery);
  if (state === 'delivered' || options.json) show(options, delivery, `${type} has arrived: ${result}`);
  if (state !== 'delivered')
    throw new CliError(`${type} has not arrived: ${result || 'there was no attempt yet'}`);
}
