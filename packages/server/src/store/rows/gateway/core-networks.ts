import {
  type CoreCredentials,
  type CoreKind,
  type CoreNetwork,
  type CoreSettings,
  type CoreSubscriber,
  makeCoreCredentials,
} from '../../ports/gateway/core-networks.ts';
import type { Columns, Row } from '../column-types.ts';

/** last_error goes with failing_since. */
export const coreNetworkColumns = {
  account: 'text',
  name: 'text',
  kind: 'text',
  url: 'text',
  /** JSON. */
  settings: 'text',
  /** JSON. */
  credentials: 'secret text',
  after_event: 'integer',
  failing_since: 'integer?',
  last_error: 'text?',
  /** 1: an alert about the present failure was sent. */
  is_reported: 'integer',
  created_at: 'integer',
} as const satisfies Columns;
export type CoreNetworkRow = Row<typeof coreNetworkColumns>;

export function coreNetworkToRow(core: CoreNetwork): CoreNetworkRow {
  const { failing } = core;
  return {
    account: core.account,
    name: core.name,
    kind: core.kind,
    url: core.url,
    settings: JSON.stringify(core.settings),
    credentials: JSON.stringify({ ...core.credentials }),
    after_event: core.after,
    failing_since: failing?.since ?? null,
    last_error: failing?.error ?? null,
    is_reported: failing?.isReported ? 1 : 0,
    created_at: core.createdAt,
  };
}

export function coreNetworkFromRow(row: CoreNetworkRow): CoreNetwork {
  const { failing_since: since, last_error: error } = row;
  return {
    account: row.account,
    name: row.name,
    kind: row.kind as CoreKind,
    url: row.url,
    settings: JSON.parse(row.settings) as CoreSettings,
    credentials: makeCoreCredentials(JSON.parse(row.credentials) as CoreCredentials),
    after: row.after_event,
    ...(since !== null && { failing: { since, error: error ?? '', isReported: row.is_reported === 1 } }),
    createdAt: row.created_at,
  };
}

export const coreSubscriberColumns = {
  account: 'text',
  core_network: 'text',
  imsi: 'text',
  iccid: 'text',
  sent_at: 'integer',
} as const satisfies Columns;
export type CoreSubscriberRow = Row<typeof coreSubscriberColumns>;

export function coreSubscriberFromRow(row: CoreSubscriberRow): CoreSubscriber {
  return {
    account: row.account,
    coreNetwork: row.core_network,
    imsi: row.imsi,
    iccid: row.iccid,
    sentAt: row.sent_at,
  };
}
