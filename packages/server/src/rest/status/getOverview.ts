import { type Static, Type } from '@sinclair/typebox';
import { about, closed, named } from '../../shapes/shape.ts';
import { Time } from '../../shapes/time.ts';
import type { OverviewStore } from '../../store/ports/logs/overview.ts';
import { covers } from '../../store/ports/permissions.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { type ProfileType, readTypes, type TypesStore } from '../stock/profile-types.ts';
import { countDownloads, periodLengths } from './download-counts.ts';
import { type ExpiringStore, expiringSoon } from './expiring.ts';
import { lateDeliveries, type ReceiverStore } from './late-deliveries.ts';
import { OverviewPeriod, OverviewResponse } from './overview.ts';

const DAY = 86_400_000;
/** Without times: as many days, the last of which is today. */
const USUAL_DAYS = 7;
const MOST_PERIODS = 800;

const OverviewQuery = named(
  'OverviewQuery',
  Type.Object(
    {
      since: Type.Optional(Time('Count downloads from this time on; without it, from 7 days before until')),
      until: Type.Optional(Time('Count downloads before this time; without it, up to now')),
      by: Type.Optional(about('How long a period is; without it, a day', OverviewPeriod)),
    },
    { ...closed, description: 'Which downloads are counted' },
  ),
);

export const getOverview = operation({
  operationId: 'getOverview',
  method: 'GET',
  url: '/api/v1/esim/overview',
  summary: 'Get the account in numbers: profiles, stock, downloads, late deliveries, and what expires soon',
  isLong: true,
  permissions: ['read'],
  query: OverviewQuery,
  answers: {
    200: { description: 'The numbers', schema: OverviewResponse },
    400: { description: 'A time is not valid, or there are too many periods between the two' },
  },
  respond: async (
    services: Services<OverviewStore & TypesStore & ReceiverStore & ExpiringStore>,
    { account, query, env, permissions },
  ) => {
    const { store } = services;
    const range = rangeOf(query, env.now);
    const [states, { types, next }, downloads, late_deliveries, expiring] = await Promise.all([
      store.stateCounts(account),
      readTypes(store, account),
      countDownloads(store, { account, ...range }),
      lateDeliveries(store, account, env.now),
      expiringSoon(services, account, env.now, covers(permissions, ['admin'])),
    ]);
    const counted = states.filter(({ count }) => count > 0);
    const sorted = types.map((type) => ({ ...type, is_low: isLow(type) })).sort(byNeed);
    return {
      profiles: {
        total: counted.reduce((sum, { count }) => sum + count, 0),
        states: Object.fromEntries(counted.map(({ state, count }) => [state, count])),
      },
      types: sorted.slice(0, MOST_TYPES),
      ...((next !== undefined || sorted.length > MOST_TYPES) && { more_types: true }),
      downloads,
      late_deliveries,
      expiring,
    };
  },
});

function rangeOf({ since, until, by = 'day' }: Static<typeof OverviewQuery>, now: number) {
  const end = until === undefined ? now : Date.parse(until);
  const begin = since === undefined ? end - USUAL_DAYS * DAY : Date.parse(since);
  if (begin >= end) throw refused('since', 'must be before until');
  if ((end - begin) / periodLengths[by] > MOST_PERIODS)
    throw refused('since', `must be at most ${MOST_PERIODS} periods before until`);
  return { since: begin, until: end, by };
}

function refused(field: string, message: string): HttpProblem {
  return new HttpProblem(400, 'validation_failed', `${field} ${message}`, [{ field, message }]);
}

const MOST_TYPES = 100;

type OverviewType = OverviewResponse['types'][number];

function isLow({ states, low_stock_at, template_free_numbers: free = 0 }: ProfileType): boolean {
  const available = states.AVAILABLE ?? 0;
  return low_stock_at === undefined ? available + free === 0 : available <= low_stock_at;
}

/** The types come by name. */
function byNeed(one: OverviewType, other: OverviewType): number {
  return Number(other.is_low) - Number(one.is_low);
}
