import type { Upstream, UpstreamDialect, UpstreamType } from '../../ports/gateway/upstreams.ts';
import { makeClientIdentity } from '../../ports/operators.ts';
import type { Columns, Row } from '../column-types.ts';

export const upstreamColumns = {
  account: 'text',
  name: 'text',
  url: 'text',
  client_certificate: 'text',
  client_key: 'secret text',
  ca: 'text?',
  callback_certificate: 'text?',
  requester_identifier: 'text',
  smdp_address: 'text',
  /** JSON. */
  dialect: 'text',
  created_at: 'integer',
} as const satisfies Columns;
export type UpstreamRow = Row<typeof upstreamColumns>;

export function upstreamToRow(upstream: Upstream): UpstreamRow {
  return {
    account: upstream.account,
    name: upstream.name,
    url: upstream.url,
    client_certificate: upstream.client.certificate,
    client_key: upstream.client.key,
    ca: upstream.ca ?? null,
    callback_certificate: upstream.callback ?? null,
    requester_identifier: upstream.requesterIdentifier,
    smdp_address: upstream.smdpAddress,
    dialect: JSON.stringify(upstream.dialect),
    created_at: upstream.createdAt,
  };
}

export function upstreamFromRow(row: UpstreamRow): Upstream {
  return {
    account: row.account,
    name: row.name,
    url: row.url,
    client: makeClientIdentity(row.client_certificate, row.client_key),
    ...(row.ca !== null && { ca: row.ca }),
    ...(row.callback_certificate !== null && { callback: row.callback_certificate }),
    requesterIdentifier: row.requester_identifier,
    smdpAddress: row.smdp_address,
    dialect: dialectFrom(row),
    createdAt: row.created_at,
  };
}

/** Those of older versions have no `takesBack`. */
function dialectFrom({ dialect }: UpstreamRow): UpstreamDialect {
  const stored = JSON.parse(dialect) as Partial<UpstreamDialect>;
  return { takesBack: 'until_download', ...stored } as UpstreamDialect;
}

export const upstreamTypeColumns = {
  account: 'text',
  profile_type: 'text',
  upstream: 'text',
  vendor_type: 'text',
  keep_ready: 'integer',
  batch: 'integer',
  ready_days: 'integer',
} as const satisfies Columns;
export type UpstreamTypeRow = Row<typeof upstreamTypeColumns>;

export function upstreamTypeFromRow(row: UpstreamTypeRow): UpstreamType {
  return {
    account: row.account,
    profileType: row.profile_type,
    upstream: row.upstream,
    vendorType: row.vendor_type,
    keepReady: row.keep_ready,
    batch: row.batch,
    readyDays: row.ready_days,
  };
}

/** In the order of the columns. */
export function upstreamTypeValues({
  account,
  profileType,
  upstream,
  vendorType,
  keepReady,
  batch,
  readyDays,
}: UpstreamType) {
  return [account, profileType, upstream, vendorType, keepReady, batch, readyDays] as const;
}
