import { type Static, Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import { closed, named } from '../../shapes/shape.ts';
import { type FollowEvents, lastEventId, openEventStream } from '../events/event-stream.ts';
import { operation } from '../frame/operation.ts';
import { LabEvent, type LabPhone } from './lab-phone.ts';
import { type LabServices, onLabPhone } from './on-lab-phone.ts';

const LabEventsQuery = named(
  'LabEventsQuery',
  Type.Object(
    {
      after: Type.Optional(
        Type.Integer({ minimum: 0, description: 'Only events after the one with this id' }),
      ),
    },
    { ...closed, description: 'Which events' },
  ),
);

const LabEvents = Type.Object(
  { events: Type.Array(LabEvent, { description: 'The events, the oldest first' }) },
  { $id: 'LabEvents', description: 'What happened on the phone of the lab. Only the last events are kept' },
);
type LabEvents = Static<typeof LabEvents>;

export const listLabEvents = operation({
  operationId: 'listLabEvents',
  method: 'GET',
  url: '/api/v1/esim/lab/phone/events',
  permissions: ['read'],
  summary:
    'List what happened on the phone of the lab; with Accept: text/event-stream, follow it from Last-Event-ID on',
  query: LabEventsQuery,
  answers: {
    200: {
      description: 'The last events, or server-sent events with the same objects',
      schema: LabEvents,
      contentTypes: ['application/json', 'text/event-stream'],
    },
    400: { description: 'The parameter is not valid' },
    503: { description: 'Too many streams are open', code: 'too_many_streams' },
  },
  respond: (services: LabServices, call, reply) =>
    onLabPhone<LabEvents | FastifyReply>(services, (phone) => {
      const { query, headers } = call;
      if (!String(headers.accept ?? '').includes('text/event-stream'))
        return { events: [...phone.eventsAfter(query.after ?? 0)] };
      if (reply.request.method === 'HEAD') return reply.type('text/event-stream').send();
      const follower = { caller: call, after: lastEventId(headers) ?? query.after ?? 0 };
      return openEventStream(services, follower, reply, following(phone, follower.after));
    }),
});

function following(phone: LabPhone, after: number): FollowEvents {
  return async (write, ended) => {
    for (let last = after; !ended.aborted; await phone.nextEvent(last, ended)) {
      const events = phone.eventsAfter(last);
      await write(events.map((data) => ({ id: data.id, type: data.type, data })));
      last = events.at(-1)?.id ?? last;
    }
  };
}
