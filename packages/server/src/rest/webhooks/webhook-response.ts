import type { Delivery } from '../../store/ports/outbox.ts';
import { formatSecret } from '../../store/ports/webhook-secret.ts';
import type { WebhookEndpoint } from '../../store/ports/webhooks.ts';
import type { Webhook, WebhookDelivery } from './schemas-webhooks.ts';

const time = (at: number) => new Date(at).toISOString();

/** An endpoint as the REST API shows it: without its secret. */
export function webhookResponse(endpoint: WebhookEndpoint): Webhook {
  const { id, url, events, description, createdAt, disabled, failingSince, previous } = endpoint;
  return {
    id,
    url,
    events: [...events],
    description,
    created_at: time(createdAt),
    disabled: disabled !== undefined,
    ...(disabled && { disabled_at: time(disabled.at), disabled_reason: disabled.reason }),
    ...(failingSince !== undefined && { first_failed_at: time(failingSince) }),
    ...(previous && { previous_secret_expires_at: time(previous.until) }),
  };
}

export function webhookWithSecret(endpoint: WebhookEndpoint) {
  return { ...webhookResponse(endpoint), secret: formatSecret(endpoint.secret) };
}

export function deliveryResponse(delivery: Delivery): WebhookDelivery {
  const { id, type, eventId, iccid, state, attempts, createdAt } = delivery;
  const { nextAttemptAt, lastAttemptAt, lastStatus, lastError } = delivery;
  return {
    id,
    type,
    ...(eventId !== undefined && { event_id: eventId }),
    ...(iccid !== '' && { iccid }),
    state,
    attempts,
    created_at: time(createdAt),
    ...(state === 'pending' && { next_attempt_at: time(nextAttemptAt) }),
    ...(lastAttemptAt !== undefined && { last_attempt_at: time(lastAttemptAt) }),
    ...(lastStatus !== undefined && { last_status: lastStatus }),
    ...(lastError !== undefined && { last_error: lastError }),
  };
}
