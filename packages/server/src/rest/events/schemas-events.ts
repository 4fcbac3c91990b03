import { type EventType, eventTypes } from '@esim-rsp/smdp/state/event';
import { type Static, Type } from '@sinclair/typebox';
import { Iccid, states } from '../profiles/schemas.ts';

/** The JSON shapes of what happened to profiles. */

function literals<const T extends readonly string[]>(values: T, description?: string) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...(description && { description }) });
}

const State = literals(states);

export const eventExample = {
  id: 17,
  type: 'profile.installed',
  iccid: '8900101000000000017',
  time: '2026-03-01T10:00:00.000Z',
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
    time: Type.String({ description: 'ISO 8601, in UTC' }),
    actor: Type.Object({
      kind: literals(['operator', 'device', 'system'] as const, 'Who did it; system: the SM-DP+ by itself'),
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

const paging = {
  after: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 9_007_199_254_740_991, description: 'Only events with a higher id' }),
  ),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
};

export const HistoryQuery = Type.Object(paging);

export const EventsQuery = Type.Object({
  ...paging,
  iccid: Type.Optional(Iccid),
  types: Type.Optional(
    Type.String({
      pattern: '^[a-z_.]+(,[a-z_.]+)*$',
      maxLength: 500,
      description: `Some of ${eventTypes.join(', ')}, with commas between them`,
    }),
  ),
});

export const ListEventsResponse = Type.Object(
  {
    events: Type.Array(ProfileEvent),
    last_id: Type.Integer({ description: 'What to ask for as `after` next' }),
    more: Type.Boolean({ description: 'Whether there are further events already' }),
  },
  { $id: 'ListEventsResponse', examples: [{ events: [eventExample], last_id: 17, more: false }] },
);

export function isEventType(word: string): word is EventType {
  return (eventTypes as readonly string[]).includes(word);
}
