import { type EventType, eventTypes } from '@esim-rsp/smdp/state/event';
import { Type } from '@sinclair/typebox';
import { eventExample, ProfileEvent } from '../../delivery/event-message.ts';
import { Iccid } from '../profiles/schemas.ts';

/** The JSON shapes of what happened to profiles. */

const paging = {
  cursor: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,15}$',
      description:
        'next_cursor of the page before, or the id of the last event that was seen; without it, from the first event on',
    }),
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
    next_cursor: Type.String({
      description: 'The cursor of the next page, also of one that has no events yet',
    }),
    more: Type.Boolean({ description: 'Whether there are further events already' }),
  },
  { $id: 'ListEventsResponse', examples: [{ events: [eventExample], next_cursor: '17', more: false }] },
);

export function isEventType(word: string): word is EventType {
  return (eventTypes as readonly string[]).includes(word);
}
