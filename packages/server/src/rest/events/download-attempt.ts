import { type CheckOutcome, checkOutcomes, outcomesOf } from '@esim-rsp/smdp/es9/functions';
import type { JournalEntry } from '@esim-rsp/smdp/state/journal';
import { askedIccidOf, type Session } from '@esim-rsp/smdp/state/session';
import { type Static, Type } from '@sinclair/typebox';
import { reasonResponse, StateReason } from '../../shapes/profile-state.ts';
import { about, inWords, literals, named } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import { Iccid } from '../profiles/profile.ts';

const reasonExample = {
  subject_code: '8.2.7',
  reason_code: '3.8',
  message: 'the confirmation code is wrong: 4 attempts are left',
};

export const attemptExample = {
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

/** The shape of a subject code and a reason code. */
export function ReasonCodes(description: string) {
  return Type.String({
    pattern: '^[0-9]{1,2}(\\.[0-9]{1,2}){0,3}/[0-9]{1,2}(\\.[0-9]{1,2}){0,3}$',
    ...inWords('two codes such as 8.2.7/3.8'),
    description,
  });
}

const call = {
  function: Type.String({ description: 'The function of ES9+' }),
  occurred_at: Time('When the call came'),
  refused: Type.Optional(about('Why the call was refused', StateReason)),
  ignored: Type.Optional(about('Why the message changed nothing', StateReason)),
  reported: Type.Optional(about('What the device reported: why the download failed', StateReason)),
};

export const DownloadAttempt = Type.Object(
  {
    transaction_id: Type.String({ description: 'The transactionId of the session' }),
    opened_at: Time('When the eUICC began'),
    stage: Type.String({
      description:
        'How far it came: refused (no profile was offered), authenticated (a profile was offered), bound (the package was sent), cancelled (after that), ended',
    }),
    eid: Type.String({ description: 'The EID of the eUICC' }),
    iccid: about('The Profile that was asked for', Iccid),
    calls: Type.Array(Type.Object(call), { description: 'The calls, the first one first' }),
  },
  {
    $id: 'DownloadAttempt',
    description: 'A download, or the attempt of one, by an eUICC that has proved itself',
    examples: [attemptExample],
  },
);

const DownloadCheckOutcome = named(
  'DownloadCheckOutcome',
  literals(
    checkOutcomes,
    'passed; refused: this check refused the call; not_made: there was nothing to check; not_reached: the call ended before',
  ),
);

const Check = Type.Object(
  { check: Type.String({ description: 'What has to be so' }), outcome: DownloadCheckOutcome },
  { description: 'A check of a call' },
);

/** A download with every check. Its eUICC may not have proved itself: then what it said of itself is not there. */
export const DownloadAttemptDetails = Type.Object(
  {
    transaction_id: Type.String({ description: 'The transactionId of the session' }),
    opened_at: Time('When the eUICC began'),
    stage: Type.String({
      description:
        'How far it came: unauthenticated (the eUICC did not prove itself), refused (no profile was offered), authenticated (a profile was offered), bound (the package was sent), cancelled (after that), ended',
    }),
    expires_at: Type.Optional(Time('From then on the server takes no more calls of it')),
    eid: Type.Optional(Type.String({ description: 'The EID of the eUICC' })),
    iccid: Type.Optional(about('The Profile that was asked for', Iccid)),
    network: Type.Optional(
      Type.String({ description: 'Of an unauthenticated one: the network of the caller' }),
    ),
    ci_pk_ids: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Of an unauthenticated one: key identifiers of the CIs that the eUICC says it has',
      }),
    ),
    calls: Type.Array(
      Type.Object({
        ...call,
        checks: Type.Array(Check, {
          description: 'The checks of the call in their order; empty for a call that has none',
        }),
      }),
      { description: 'The calls, the first one first' },
    ),
  },
  {
    $id: 'DownloadAttemptDetails',
    description: 'A download, or the attempt of one, with every check of every call',
    examples: [
      {
        ...attemptExample,
        calls: [
          {
            ...attemptExample.calls[1],
            checks: [
              { check: 'the order has not expired', outcome: 'passed' },
              { check: 'the confirmation code is right, if the order has one', outcome: 'refused' },
            ],
          },
        ],
      },
    ],
  },
);
export type DownloadAttemptDetails = Static<typeof DownloadAttemptDetails>;

export function attemptResponse(session: Session) {
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

/** Everything that is known of a session. */
export function sessionDetails(session: Session): DownloadAttemptDetails {
  const { transactionId, stage, expiresAt, journal = [] } = session;
  const iccid = askedIccidOf(session);
  return {
    transaction_id: transactionId,
    opened_at: timeOf(journal[0]?.at ?? 0),
    stage,
    expires_at: timeOf(expiresAt),
    ...('eid' in session && { eid: session.eid }),
    ...(iccid !== undefined && { iccid }),
    calls: journal.map(callDetails),
  };
}

/** Everything that is known of a call, with its checks. */
export function callDetails(entry: JournalEntry): DownloadAttemptDetails['calls'][number] {
  const checks = outcomesOf(entry).map(([check, outcome]): { check: string; outcome: CheckOutcome } => ({
    check,
    outcome,
  }));
  return { ...callResponse(entry), checks };
}
