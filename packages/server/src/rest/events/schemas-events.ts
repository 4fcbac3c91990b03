import { type EventType, eventTypes } from '@esim-rsp/smdp/state/event';
import { Type } from '@sinclair/typebox';
import { eventExample, ProfileEvent } from '../../delivery/event-message.ts';
import { Iccid } from '../profiles/schemas.ts';

/** The JSON shapes of what happened to profiles. */

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
