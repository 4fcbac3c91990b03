import { parseEid } from '@esim-rsp/sgp22/value/eid';
import type { Session } from '@esim-rsp/smdp/state/session';
import { type Static, Type } from '@sinclair/typebox';
import { networkOf } from '../../limits/ip-address.ts';
import { reasonResponse, StateReason } from '../../shapes/profile-state.ts';
import { about, Count, closed, inWords, named } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import type { RefusedCallStore, RefusedCall as StoredCall } from '../../store/ports/refused-calls.ts';
import type { SessionPage, SessionStore } from '../../store/ports/sessions.ts';
import { operation, type Services } from '../frame/operation.ts';
import { Iccid } from '../profiles/profile.ts';
import { ReasonCodes } from './download-attempt.ts';

const callExample = {
  occurred_at: '2026-03-01T10:00:00.000Z',
  network: '192.0.2.0/24',
  function: 'initiateAuthentication',
  refused: {
    subject_code: '8.8.2',
    reason_code: '3.1',
    message: 'this SM-DP+ trusts none of the CIs that the eUICC can sign for',
  },
  ci_pk_ids: ['f54172bdf98a95d65cbeb88a38a1c11d800a85c3'],
  proven: false,
  skipped: 0,
};

const RefusedCall = Type.Object(
  {
    occurred_at: Time('When the call came'),
    network: Type.Optional(
      Type.String({
        description:
          'The network of the caller: /24 of IPv4, /48 of IPv6. `esim session list --local` on the machine of the server shows the address. Absent if `proven`',
      }),
    ),
    function: Type.String({ description: 'The function of ES9+, or the path if the function is not known' }),
    refused: about('Why the call was refused', StateReason),
    transaction_id: Type.Optional(Type.String({ description: 'The transactionId of the request' })),
    ci_pk_ids: Type.Array(Type.String(), {
      description:
        'Key identifiers of the CIs that the eUICC says it has, in hexadecimal. They are not verified',
    }),
    proven: Type.Boolean({
      description:
        'Whether the eUICC had proved itself: it asked for a profile that does not exist. If not, the claims are only what the request says',
    }),
    claimed_eid: Type.Optional(
      Type.String({
        description: 'The eUICC that the request names; only in answers for an `iccid` or an `eid`',
      }),
    ),
    claimed_iccid: Type.Optional(
      Type.String({
        description: 'The Profile that the request names; only in answers for an `iccid` or an `eid`',
      }),
    ),
    skipped: Type.Integer({
      description:
        'How many other calls were refused before this one and not stored, because they were too many',
    }),
  },
  {
    $id: 'RefusedCall',
    description:
      'A call of a phone that was refused before its eUICC had proved itself, or because there is no profile that it asked for, so that no account is known',
    examples: [callExample],
  },
);

type RefusedCall = Static<typeof RefusedCall>;

const RefusedCallsQuery = named(
  'RefusedCallsQuery',
  Type.Object(
    {
      count: Type.Optional(Count),
      iccid: Type.Optional(about('Only calls that claim to be about this Profile of the account', Iccid)),
      eid: Type.Optional(
        Type.String({
          pattern: '^[0-9]{32}$',
          ...inWords('32 decimal digits'),
          description:
            'Only calls that claim to come from this eUICC, if they claim to be about a Profile of the account or the eUICC has one',
        }),
      ),
      reason: Type.Optional(ReasonCodes('Only calls that were refused with these codes, such as 8.2.6/3.8')),
      since: Type.Optional(Time('Only calls of this time or later')),
      until: Type.Optional(Time('Only calls before this time')),
    },
    { ...closed, description: 'Which refused calls the answer has' },
  ),
);

const ListRefusedCallsResponse = Type.Object(
  {
    calls: Type.Array(RefusedCall, { description: 'The calls, the newest first' }),
    search_limited: Type.Optional(
      Type.Boolean({
        description:
          'Present and true when the answer may lack older calls, because the server examines a limited number for one answer: continue with `searched_since` as `until`',
      }),
    ),
    searched_since: Type.Optional(
      Time('Up to when the server examined calls, if it did not examine all of them'),
    ),
  },
  {
    $id: 'ListRefusedCallsResponse',
    description: 'The newest refused calls',
    examples: [{ calls: [callExample] }],
  },
);

export const listRefusedCalls = operation({
  operationId: 'listRefusedCalls',
  method: 'GET',
  url: '/api/v1/esim/refused-calls',
  summary:
    'List calls of phones that were refused before their eUICC had proved itself, such as phones that use another PKI, or that asked for a profile that does not exist',
  permissions: ['support'],
  query: RefusedCallsQuery,
  answers: {
    200: { description: 'The calls; the server keeps at most 1,000', schema: ListRefusedCallsResponse },
    400: { description: 'A parameter is out of its range' },
  },
  respond: async (
    { store }: Services<Pick<RefusedCallStore, 'refusedCalls'> & Pick<SessionStore, 'sessions'>>,
    { account, query },
  ) => {
    const filter = { ...filterOf(query), account };
    const [calls, sessions] = await Promise.all([
      store.refusedCalls(filter),
      filter.iccid === undefined ? store.sessions({ ...filter, withoutProfile: true }) : noSessions,
    ]);
    const isShown = filter.iccid !== undefined || filter.eid !== undefined;
    const found = [...calls.map(callResponse), ...sessions.items.flatMap(sessionResponse)];
    return {
      calls: found
        .toSorted((one, other) => other.occurred_at.localeCompare(one.occurred_at))
        .slice(0, filter.count)
        .map((call) => (isShown ? call : withoutClaims(call))),
      ...(sessions.isSearchLimited && searchedTo(sessions)),
    };
  },
});

const noSessions: SessionPage = { items: [], isSearchLimited: false };

function searchedTo({ next }: SessionPage) {
  const sinceWhen = next && { searched_since: timeOf(next.openedAt + 1) }; // others of that millisecond may follow
  return { search_limited: true, ...sinceWhen };
}

function filterOf({ count = 100, iccid, eid, reason, since, until }: Static<typeof RefusedCallsQuery>) {
  return {
    count,
    ...(iccid !== undefined && { iccid }),
    ...(eid !== undefined && { eid: parseEid(eid) }),
    ...(reason !== undefined && { reason }),
    ...(since !== undefined && { since: Date.parse(since) }),
    ...(until !== undefined && { until: Date.parse(until) }),
  };
}

/** The eUICC may be a customer's of another account. */
function withoutClaims({ claimed_eid: _eid, claimed_iccid: _iccid, ...call }: RefusedCall): RefusedCall {
  return call;
}

/** The call that was refused in a session for which there is no Profile. */
function sessionResponse(session: Session): RefusedCall[] {
  const call = session.journal?.findLast(({ refused }) => refused !== undefined);
  if (call?.refused === undefined) return [];
  return [
    {
      occurred_at: timeOf(call.at),
      function: call.function,
      refused: reasonResponse(call.refused),
      transaction_id: session.transactionId,
      ci_pk_ids: [],
      proven: true,
      ...('eid' in session && { claimed_eid: session.eid }),
      skipped: 0,
    },
  ];
}

function callResponse({ at, address, transactionId, refused, ciPKIds, ...call }: StoredCall): RefusedCall {
  return {
    occurred_at: timeOf(at),
    network: networkOf(address),
    function: call.function,
    refused: reasonResponse(refused),
    ...(transactionId !== undefined && { transaction_id: transactionId }),
    ci_pk_ids: [...ciPKIds],
    proven: false,
    ...(call.claimedEid !== undefined && { claimed_eid: call.claimedEid }),
    ...(call.claimedIccid !== undefined && { claimed_iccid: call.claimedIccid }),
    skipped: call.skipped,
  };
}
