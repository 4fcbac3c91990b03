import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { OrderId } from '@esim-rsp/smdp/state/order';
import type { InstallLink } from '../../ports/install/links.ts';
import type { Columns, Row } from '../column-types.ts';

/** The hash of a token with 192 random bits is no secret. */
export const installLinkColumns = {
  hash: 'text',
  account: 'text',
  iccid: 'text',
  order_id: 'text?',
  created_at: 'integer',
  expires_at: 'integer',
  views: 'integer',
  viewed_at: 'integer?',
  replaced_at: 'integer?',
  help_asked_at: 'integer?',
  /** Of a link that was sent by mail. */
  sent_url: 'secret text?',
  sent_delivery: 'integer?',
} as const satisfies Columns;
export type InstallLinkRow = Row<typeof installLinkColumns>;

/** `sentUrl`: absent for a link that is not sent by mail. */
export function installLinkToRow(link: InstallLink, sentUrl?: string): InstallLinkRow {
  return {
    hash: link.hash,
    account: link.account,
    iccid: link.iccid,
    order_id: link.order ?? null,
    created_at: link.createdAt,
    expires_at: link.expiresAt,
    views: link.views,
    viewed_at: link.viewedAt ?? null,
    replaced_at: link.replacedAt ?? null,
    help_asked_at: link.helpAskedAt ?? null,
    sent_url: sentUrl ?? null,
    sent_delivery: link.sentDelivery ?? null,
  };
}

/** The URL of a link that was sent by mail; its column must be opened. */
export function sentUrlFromRow({ sent_url }: InstallLinkRow): string | undefined {
  return sent_url ?? undefined;
}

export function installLinkFromRow(row: Omit<InstallLinkRow, 'sent_url'>): InstallLink {
  return {
    hash: row.hash,
    account: row.account,
    iccid: row.iccid as Iccid,
    ...(row.order_id !== null && { order: row.order_id as OrderId }),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    views: row.views,
    ...(row.viewed_at !== null && { viewedAt: row.viewed_at }),
    ...(row.replaced_at !== null && { replacedAt: row.replaced_at }),
    ...(row.help_asked_at !== null && { helpAskedAt: row.help_asked_at }),
    ...(row.sent_delivery !== null && { sentDelivery: row.sent_delivery }),
  };
}
