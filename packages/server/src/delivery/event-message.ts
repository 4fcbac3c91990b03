import { type Actor, actorKinds, eventTypes } from '@esim-rsp/smdp/state/event';
import { type Static, Type } from '@sinclair/typebox';
import { actedBy } from '../shapes/acted-by.ts';
import { EUICCProfileState, reasonResponse, StateReason } from '../shapes/profile-state.ts';
import { about, literals, named } from '../shapes/shape.ts';
import { Time, timeOf } from '../shapes/time.ts';
import type { StoredEvent } from '../store/ports/events.ts';

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

export const ProfileEventType = named(
  'ProfileEventType',
  literals(eventTypes, 'What can happen to a Profile'),
);

const ProfileEventActor = named(
  'ProfileEventActor',
  Type.Object(
    {
      kind: literals(
        actorKinds,
        'user: with a key of the REST API; operator: over ES2+; device: an eUICC; customer: who has the install link; system: the SM-DP+ by itself',
      ),
      eid: Type.Optional(Type.String({ description: 'The EID of a device' })),
      key_id: Type.Optional(Type.String({ description: 'The id of the API key of a user' })),
      person_id: Type.Optional(
        Type.String({ description: 'Instead of the key: the id of the person who had signed in' }),
      ),
      operator: Type.Optional(Type.String({ description: 'The name of an operator' })),
    },
    { description: 'Who did something' },
  ),
);

export const ProfileEvent = Type.Object(
  {
    id: Type.Integer({ description: 'Number of the event: later events have higher numbers' }),
    type: about('What happened', ProfileEventType),
    iccid: Type.String({ description: 'The Profile' }),
    occurred_at: Time('When it happened'),
    actor: about('Who did it', ProfileEventActor),
    from: Type.Optional(about('The state before; absent when the Profile is new', EUICCProfileState)),
    to: about('The state after', EUICCProfileState),
    transaction_id: Type.Optional(Type.String({ description: 'The download session' })),
    reason: Type.Optional(about('Why it failed', StateReason)),
    message: Type.Optional(
      Type.String({ description: 'What the customer has written, or why an operation did not end well' }),
    ),
    operation: Type.Optional(
      Type.String({ description: 'What was requested from the upstream of the Profile, and led to this' }),
    ),
    replaces: Type.Optional(Type.String({ description: 'The Profile whose place this one took' })),
    replaced_by: Type.Optional(Type.String({ description: 'The Profile that took the place of this one' })),
  },
  { $id: 'ProfileEvent', description: 'Something that happened to a Profile', examples: [eventExample] },
);
export type ProfileEvent = Static<typeof ProfileEvent>;

/** An event as it leaves the server: in answers of the REST API, in streams and in messages to webhooks. */
export function eventResponse(event: StoredEvent): ProfileEvent {
  const { id, type, iccid, at, actor, from, to, transactionId, reason } = event;
  return {
    id,
    type,
    iccid,
    occurred_at: timeOf(at),
    actor: actorResponse(actor),
    ...(from !== undefined && { from }),
    to,
    ...(transactionId !== undefined && { transaction_id: transactionId }),
    ...(reason !== undefined && { reason: reasonResponse(reason) }),
    ...(event.message !== undefined && { message: event.message }),
    ...(event.operation !== undefined && { operation: event.operation }),
    ...(event.replaces !== undefined && { replaces: event.replaces }),
    ...(event.replacedBy !== undefined && { replaced_by: event.replacedBy }),
  };
}

function actorResponse(actor: Actor): ProfileEvent['actor'] {
  if (actor.kind === 'user') return { kind: actor.kind, ...actedBy(actor.keyId) };
  if (actor.kind === 'operator')
    return { kind: actor.kind, ...(actor.name !== undefined && { operator: actor.name }) };
  return actor;
}
