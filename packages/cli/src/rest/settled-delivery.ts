import { setTimeout as sleep } from 'node:timers/promises';
import type { CoreDelivery, MailDelivery, OperatorDelivery, WebhookDelivery } from '@esim-rsp/sdk';
import { CliError } from '../command.ts';
import { show } from '../output.ts';
import type { RestOptions } from './options.ts';
import { resultOf } from './webhook-text.ts';

/** An attempt takes at most ten seconds, one of mail twenty. */
const TRIES = 100;
const EVERY_MS = 250;

type Delivery = WebhookDelivery | OperatorDelivery | MailDelivery | CoreDelivery;
type List = (query: { readonly cursor: string; readonly count: number }) => Promise<{
  readonly data: { readonly deliveries: readonly Delivery[] };
}>;

/** Waits for the first attempt of a delivery. Without an attempt it returns the delivery as it is. `list`: lists those of the same target. */
export async function afterAttempt(delivery: Delivery, list: List): Promise<Delivery> {
  let found = delivery;
  for (let tries = 0; tries < TRIES && isWaiting(found); tries++) {
    await sleep(EVERY_MS);
    const { data } = await list({ cursor: String(delivery.id + 1), count: 1 });
    found = data.deliveries.find(({ id }) => id === delivery.id) ?? found;
  }
  return found;
}

function isWaiting({ state, last_error }: Delivery): boolean {
  return state === 'pending' && last_error === undefined;
}

/** Shows the result of a delivery. If it did not arrive, the command ends with exit code 1. */
export function showDelivery(options: RestOptions, delivery: Delivery): void {
  const { state, type } = delivery;
  const result = resultOf(delivery);
  if (state === 'delivered' || options.json)
    show(options, delivery, `${type} has arrived${result === '' ? '' : `: ${result}`}`);
  if (state !== 'delivered')
    throw new CliError(`${type} has not arrived: ${result || 'there was no attempt yet'}`);
}
