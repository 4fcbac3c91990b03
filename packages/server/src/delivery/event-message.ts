import { actorKinds, eventTypes } from '@esim-rsp/smdp/state/event';
import { profileStates } from '@esim-rsp/smdp/state/profile';
import { type Static, Type } from '@sinclair/typebox';
import { literals } from '../shapes/literals.ts';
import { Time, timeOf } from '../shapes/time.ts';
import type { StoredEvent } from '../store/ports/events.ts';

const State = literals(profileStates);

export const eventExample = {
  id: 17,
  type: 'profile.installed',
  iccid: '8900101000000000017',
  occurred_at: '2026-03-01T10:00:00.000Z',
  actor: { kind: 'device', eid: '89049032000000000000000000000163' },
  from: 'DOWNLOADED',
  to: 'INSTALLED',
  transaction_id: '7B3C4D5E6F708192A3B4C5D6E7F80910',
};

export const ProfileEvent = Type.Object(
  {
    id: Type.Integer({ description: 'Grows from event to event' }),
    type: literals(eventTypes),
    iccid: Type.String(),
    occurred_at: Time('When it happened'),
    actor: Type.Object({
      kind: literals(
        actorKinds,
        'Who did it: user, over REST with a key; operator, over ES2+; device, an eUICC; system, the SM-DP+ by itself',
      ),
      eid: Type.Optional(Type.String({ description: 'Of a device' })),
    }),
    from: Type.Optional(State),
    to: State,
    transaction_id: Type.Optional(Type.String({ description: 'Of the download session' })),
    reason: Type.Optional(
      Type.Object({ subject_code: Type.String(), reason_code: Type.String(), message: Type.String() }),
    ),
  },
  { $id: 'ProfileEvent', examples: [eventExample] },
);
export type ProfileEvent = Static<typeof ProfileEvent>;

/** An event as it leaves the server: in answers of the REST API, in streams and in messages to webhooks. */
export function eventResponse({
  id,
  type,
  iccid,
  at,
  actor,
  from,
  to,
  transactionId,
  reason,
}: StoredEvent): ProfileEvent {
  return {
    id,
    type,
    iccid,
    occurred_at: timeOf(at),
    actor,
    ...(from !== undefined && { from }),
    to,
    ...(transactionId !== undefined && { transaction_id: transactionId }),
    ...(reason !== undefined && {
      reason: {
        subject_code: reason.subjectCode,
        reason_code: reason.reasonCode,
        message: reason.message,
      },
    }),
  };
}
