import type { CoreNetwork } from '@esim-rsp/sdk';

export function conditionOf({ failing_since: since, last_error: error }: CoreNetwork): string {
  return since === undefined ? 'nothing has failed' : `failing since ${since}: ${error}`;
}

export function coreFields(core: CoreNetwork): [string, string][] {
  return [
    ['name', core.name],
    ['kind', core.kind],
    ...optional('url', core.url),
    ...optional('file', core.file),
    ...optional('network', core.network),
    ...optional('plmn', core.plmn),
    ...optional('columns', core.columns?.join(',')),
    ...optional('credentials', core.credentials.join(', ') || undefined),
    ['condition', conditionOf(core)],
    ...optional('ca', caOf(core)),
    ['when', core.when],
    ['remove', core.remove ? 'yes' : 'no'],
    ['types', core.profile_types.length === 0 ? 'all' : core.profile_types.join(', ')],
    ['amf', core.amf],
    ['sqn', String(core.sqn)],
    ['apn', core.apn],
    ['slice', core.sd === undefined ? String(core.sst) : `${core.sst}-${core.sd}`],
    ['ambr', `${core.ambr_downlink_mbps} Mbit/s down, ${core.ambr_uplink_mbps} Mbit/s up`],
    ['created at', core.created_at],
  ];
}

/** The CAs that its certificate may be issued under; undefined: nothing is sent by TLS. */
function caOf({ url, ca }: CoreNetwork): string | undefined {
  if (ca.length > 0) return ca.join('; ');
  return url?.startsWith('https:') ? 'the public CAs' : undefined;
}

function optional(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}
