import type { WebhookEventType } from '../ports/webhook-event-types.ts';
import { makeSecret } from '../ports/webhook-secret.ts';
import type { WebhookEndpoint } from '../ports/webhooks.ts';
import type { Columns, Row } from './column-types.ts';

/** previous_secret goes with previous_until, disabled_at with disabled_reason. */
export const webhookColumns = {
  id: 'text',
  account: 'text',
  url: 'text',
  description: 'text',
  /** Words with commas between them. */
  events: 'text',
  secret: 'secret bytes',
  previous_secret: 'secret bytes?',
  previous_until: 'integer?',
  created_at: 'integer',
  hears_from: 'integer',
  hears_after: 'integer?',
  failing_since: 'integer?',
  disabled_at: 'integer?',
  disabled_reason: 'text?',
} as const satisfies Columns;
export type WebhookRow = Row<typeof webhookColumns>;

export function webhookToRow(endpoint: WebhookEndpoint): WebhookRow {
  return {
    id: endpoint.id,
    account: endpoint.account,
    url: endpoint.url,
    description: endpoint.description,
    events: endpoint.events.join(','),
    secret: endpoint.secret.key,
    previous_secret: endpoint.previous?.secret.key ?? null,
    previous_until: endpoint.previous?.until ?? null,
    created_at: endpoint.createdAt,
    hears_from: endpoint.hearsFrom,
    hears_after: endpoint.hearsAfter ?? null,
    failing_since: endpoint.failingSince ?? null,
    disabled_at: endpoint.disabled?.at ?? null,
    disabled_reason: endpoint.disabled?.reason ?? null,
  };
}

export function webhookFromRow(row: WebhookRow): WebhookEndpoint {
  const { previous_secret: previous, previous_until: until, disabled_at: at, disabled_reason: reason } = row;
  return {
    id: row.id,
    account: row.account,
    url: row.url,
    description: row.description,
    events: row.events.split(',') as (WebhookEventType | '*')[],
    secret: makeSecret(row.secret),
    ...(previous !== null && until !== null && { previous: { secret: makeSecret(previous), until } }),
    createdAt: row.created_at,
    hearsFrom: row.hears_from,
    ...(row.hears_after !== null && { hearsAfter: row.hears_after }),
    ...(row.failing_since !== null && { failingSince: row.failing_since }),
    ...(at !== null && reason !== null && { disabled: { at, reason } }),
  };
}
