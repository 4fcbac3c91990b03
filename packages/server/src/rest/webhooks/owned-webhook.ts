import type { Delivery, OutboxStore } from '../../store/ports/outbox.ts';
import { unknownUnlessOf } from '../../store/ports/unreadable-rows.ts';
import type { WebhookChange, WebhookEndpoint, WebhookStore } from '../../store/ports/webhooks.ts';
import type { Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';

/** The caller's webhook; one of another account is not found. */
export async function ownedWebhook(
  { store }: Services<WebhookStore>,
  account: string,
  id: string,
): Promise<WebhookEndpoint> {
  const endpoint = await store.webhook(id).catch(unknownUnlessOf(account));
  if (endpoint?.account !== account) throw noSuchWebhook(id);
  return endpoint;
}

/** Changes the caller's webhook. A webhook keeps its account. */
export async function changeWebhook(
  services: Services<WebhookStore>,
  account: string,
  id: string,
  change: WebhookChange,
): Promise<WebhookEndpoint> {
  await ownedWebhook(services, account, id);
  const endpoint = await services.store.updateWebhook(id, change);
  if (endpoint === undefined) throw noSuchWebhook(id);
  return endpoint;
}

export function noSuchWebhook(id: string): HttpProblem {
  return new HttpProblem(404, 'webhook_not_found', `there is no webhook ${id}: GET /webhooks lists yours`);
}

export function mustBeEnabled({ id, disabled }: WebhookEndpoint): void {
  if (disabled === undefined) return;
  const why = `${id} is disabled (${disabled.reason})`;
  throw new HttpProblem(409, 'webhook_disabled', `${why}: enable it by PATCH {"disabled": false} first`);
}

/** A delivery of the endpoint. */
export async function deliveryOf(
  { store }: Services<OutboxStore>,
  { id, account }: WebhookEndpoint,
  deliveryId: number,
): Promise<Delivery> {
  const delivery = await store.delivery(deliveryId).catch(unknownUnlessOf(account));
  if (delivery?.kind === 'webhook' && delivery.target === id) return delivery;
  throw new HttpProblem(404, 'delivery_not_found', `the webhook ${id} has no delivery ${deliveryId}`);
}
