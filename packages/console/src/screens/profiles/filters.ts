import { type ListEUICCProfilesQuery, type ProfileSort, profileSorts } from '@esim-rsp/sdk';

/** The filters of the list, as they are in the address. */
export type Filters = {
  readonly states: readonly string[];
  readonly type: string | undefined;
  readonly eid: string | undefined;
  readonly imsi: string | undefined;
  readonly msisdn: string | undefined;
  readonly text: string | undefined;
  readonly since: Since | undefined;
  readonly sort: ProfileSort | undefined;
};

const HOUR = 3_600_000;
const SINCE = { '1h': HOUR, '24h': 24 * HOUR, '7d': 7 * 24 * HOUR, '30d': 30 * 24 * HOUR } as const;
export type Since = keyof typeof SINCE;
export const sinceValues = Object.keys(SINCE) as readonly Since[];

export function readFilters(address: URLSearchParams): Filters {
  const one = (name: string) => address.get(name) || undefined;
  const sort = one('sort');
  const since = one('since');
  return {
    states: one('state')?.split(',') ?? [],
    type: one('type'),
    eid: one('eid'),
    imsi: one('imsi'),
    msisdn: one('msisdn'),
    text: one('text'),
    since: sinceValues.find((value) => value === since),
    sort: profileSorts.find((value) => value === sort),
  };
}

/** The filters as the API takes them. */
export function toQuery(filters: Filters, now: number): ListEUICCProfilesQuery {
  const { states, type, eid, imsi, msisdn, text, since, sort } = filters;
  return {
    ...(states.length > 0 && { state: states.join(',') }),
    ...(type !== undefined && { profile_type: type }),
    ...(eid !== undefined && { eid }),
    ...(imsi !== undefined && { imsi }),
    ...(msisdn !== undefined && { msisdn }),
    ...(text !== undefined && { text }),
    ...(since !== undefined && { changed_since: new Date(now - SINCE[since]).toISOString() }),
    ...(sort !== undefined && { sort }),
  };
}

/** Whether the API keeps a count of what these filters select. */
export function hasTotal({ states, sort: _, ...others }: Filters): boolean {
  return states.length <= 1 && Object.values(others).every((value) => value === undefined);
}

export function isFiltered({ states, sort: _, ...others }: Filters): boolean {
  return states.length > 0 || Object.values(others).some((value) => value !== undefined);
}
