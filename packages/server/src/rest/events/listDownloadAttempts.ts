import { parseEid } from '@esim-rsp/sgp22/value/eid';
import type { JournalEntry } from '@esim-rsp/smdp/state/journal';
import { askedIccidOf, type Session } from '@esim-rsp/smdp/state/session';
import { type Static, Type } from '@sinclair/typebox';
import { reasonResponse, StateReason } from '../../shapes/profile-state.ts';
import { about, Count, closed, named } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import type { SessionStore } from '../../store/ports/sessions.ts';
import { operation, type Services } from '../frame/operation.ts';
import { Iccid } from '../profiles/profile.ts';

const reasonExample = {
  subject_code: '8.2.7',
  reason_code: '3.8',
  message: 'the confirmation code is wrong: 4 attempts are left',
};

const attemptExample = {
  transaction_id: '0196F0C1A2B30000A1B2C3D4E5F60718',
  opened_at: '2026-03-01T10:00:00.000Z',
  stage: 'authenticated',
  eid: '89049032000000000000000000000163',
  iccid: '8900101000000000017',
  calls: [
    { function: 'authenticateClient', occurred_at: '2026-03-01T10:00:01.000Z' },
    { function: 'getBoundProfilePackage', occurred_at: '2026-03-01T10:00:09.000Z', refused: reasonExample },
  ],
};

const Attempt = Type.Object(
  {
    transaction_id: Type.String({ description: 'The transactionId of the session' }),
    opened_at: Time('When the eUICC began'),
    stage: Type.String({
      description:
        'How far it came: refused (no profile was offered), authenticated (a profile was offered), bound (the package was sent), cancelled (after that), ended',
    }),
    eid: Type.String({ description: 'The EID of the eUICC' }),
    iccid: about('The Profile that was asked for', Iccid),
    calls: Type.Array(
      Type.Object({
        function: Type.String({ description: 'The function of ES9+' }),
        occurred_at: Time('When the call came'),
        refused: Type.Optional(about('Why the call was refused', StateReason)),
        ignored: Type.Optional(about('Why the message changed nothing', StateReason)),
        reported: Type.Optional(about('What the device reported: why the download failed', StateReason)),
      }),
      { description: 'The calls, the first one first' },
    ),
  },
  {
    $id: 'DownloadAttempt',
    description: 'A download, or the attempt of one, by an eUICC that has proved itself',
    examples: [attemptExample],
  },
);

const DownloadAttemptsQuery = named(
  'DownloadAttemptsQuery',
  Type.Object(
    {
      cursor: Type.Optional(
        Type.String({
          pattern: '^[0-9]{1,15}-[0-9A-F]{2,32}$',
          description: 'next_cursor of the previous page; without it, from the newest attempt on',
        }),
      ),
      count: Type.Optional(Count),
      iccid: Type.Optional(about('Only attempts to download this Profile', Iccid)),
      eid: Type.Optional(Type.String({ pattern: '^[0-9]{32}$', description: 'Only attempts of this eUICC' })),
      reason: Type.Optional(
        Type.String({
          pattern: '^[0-9]{1,2}(\\.[0-9]{1,2}){0,3}/[0-9]{1,2}(\\.[0-9]{1,2}){0,3}$',
          description: 'Only attempts with a call that failed with these codes, such as 8.2.7/3.8',
        }),
      ),
      since: Type.Optional(Time('Only attempts of this time or later')),
    },
    { ...closed, description: 'Which attempts a page has' },
  ),
);

const ListDownloadAttemptsResponse = Type.Object(
  {
    attempts: Type.Array(Attempt, { description: 'The attempts' }),
    next_cursor: Type.Optional(
      Type.String({
        description: 'The cursor of the next page, which has older attempts; absent on the last',
      }),
    ),
    more: Type.Boolean({ description: 'Whether there are more attempts' }),
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
    const found = await store.sessions({ ...filterOf(query), account, count: count + 1 });
    const page = found.slice(0, count);
    const more = found.length > count;
    return { attempts: page.map(attemptResponse), ...(more && { next_cursor: cursorOf(page) }), more };
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

function cursorOf(page: readonly Session[]): string {
  const last = page.at(-1);
  return `${last?.journal?.[0]?.at}-${last?.transactionId}`;
}

function attemptResponse(session: Session) {
  const { transactionId, stage, journal = [] } = session;
  return {
    transaction_id: transactionId,
    opened_at: timeOf(journal[0]?.at ?? 0),
    stage,
    eid: 'eid' in session ? session.eid : '',
    iccid: askedIccidOf(session) ?? '',
    calls: journal.map(callResponse),
  };
}

function callResponse({ function: name, at, refused, ignored, reported }: JournalEntry) {
  return {
    function: name,
    occurred_at: timeOf(at),
    ...(refused !== undefined && { refused: reasonResponse(refused) }),
    ...(ignored !== undefined && { ignored: reasonResponse(ignored) }),
    ...(reported !== undefined && { reported: reasonResponse(reported) }),
  };
}
