import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { type Static, Type } from '@sinclair/typebox';
import { about, Count, closed, inWords, named } from '../../shapes/shape.ts';
import { Time } from '../../shapes/time.ts';
import type { SessionStore } from '../../store/ports/sessions.ts';
import { SearchLimited } from '../frame/log-query.ts';
import { operation, type Services } from '../frame/operation.ts';
import { Iccid } from '../profiles/profile.ts';
import { attemptExample, attemptResponse, DownloadAttempt, ReasonCodes } from './download-attempt.ts';

const DownloadAttemptsQuery = named(
  'DownloadAttemptsQuery',
  Type.Object(
    {
      cursor: Type.Optional(
        Type.String({
          pattern: '^[0-9]{1,15}-[0-9A-F]{2,32}$',
          ...inWords('next_cursor of a page of the same list'),
          description: 'next_cursor of the previous page; without it, from the newest attempt on',
        }),
      ),
      count: Type.Optional(Count),
      iccid: Type.Optional(about('Only attempts to download this Profile', Iccid)),
      eid: Type.Optional(
        Type.String({
          pattern: '^[0-9]{32}$',
          ...inWords('32 decimal digits'),
          description: 'Only attempts of this eUICC',
        }),
      ),
      reason: Type.Optional(
        ReasonCodes('Only attempts with a call that failed with these codes, such as 8.2.7/3.8'),
      ),
      since: Type.Optional(Time('Only attempts of this time or later')),
    },
    { ...closed, description: 'Which attempts a page has' },
  ),
);

const ListDownloadAttemptsResponse = Type.Object(
  {
    attempts: Type.Array(DownloadAttempt, { description: 'The attempts' }),
    next_cursor: Type.Optional(
      Type.String({
        description: 'The cursor of the next page, which has older attempts; absent on the last',
      }),
    ),
    more: Type.Boolean({ description: 'Whether there may be more attempts' }),
    search_limited: SearchLimited,
  },
  {
    $id: 'ListDownloadAttemptsResponse',
    description: 'A page of attempts, the newest first',
    examples: [{ attempts: [attemptExample], more: false }],
  },
);

export const listDownloadAttempts = operation({
  operationId: 'listDownloadAttempts',
  method: 'GET',
  url: '/api/v1/esim/download-attempts',
  summary: "List the downloads of the account's profiles and how each went, the newest first",
  isLong: true,
  permissions: ['read'],
  query: DownloadAttemptsQuery,
  answers: {
    200: {
      description: 'A page of attempts; the server keeps them for some time after they have expired',
      schema: ListDownloadAttemptsResponse,
    },
    400: { description: 'A parameter is not valid' },
  },
  respond: async ({ store }: Services<Pick<SessionStore, 'sessions'>>, { account, query }) => {
    const { count = 100 } = query;
    const { items, next, isSearchLimited } = await store.sessions({ ...filterOf(query), account, count });
    return {
      attempts: items.map(attemptResponse),
      ...(next !== undefined && { next_cursor: `${next.openedAt}-${next.transactionId}` }),
      more: next !== undefined,
      ...(isSearchLimited && { search_limited: true }),
    };
  },
});

function filterOf({ cursor, iccid, eid, reason, since }: Static<typeof DownloadAttemptsQuery>) {
  const [openedAt, transactionId = ''] = cursor?.split('-') ?? [];
  return {
    ...(openedAt !== undefined && { after: { openedAt: Number(openedAt), transactionId } }),
    ...(iccid !== undefined && { iccid }),
    ...(eid !== undefined && { eid: parseEid(eid) }),
    ...(reason !== undefined && { reason }),
    ...(since !== undefined && { since: Date.parse(since) }),
  };
}
