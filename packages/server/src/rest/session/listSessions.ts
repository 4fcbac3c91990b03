import { Type } from '@sinclair/typebox';
import { Time, timeOfSeconds } from '../../shapes/time.ts';
import type { ConsoleSessionStore } from '../../store/ports/people/console-sessions.ts';
import { operation, type Services } from '../frame/operation.ts';
import { ownerOf } from './owner.ts';

const OwnSession = Type.Object(
  {
    id: Type.String({ description: '16 hexadecimal digits' }),
    created_at: Time('When you signed in'),
    last_used_at: Time('The last use, to the minute'),
    expires_at: Time('When it ends, however much it is used'),
    address: Type.Optional(Type.String({ description: 'The IP address that signed in' })),
    user_agent: Type.Optional(Type.String({ description: 'What the browser calls itself' })),
    current: Type.Boolean({ description: 'Whether this request uses it' }),
  },
  { $id: 'OwnSession', description: 'A session of the caller' },
);

const ListSessionsResponse = Type.Object(
  { sessions: Type.Array(OwnSession, { description: 'The sessions, the newest first' }) },
  { $id: 'ListSessionsResponse', description: 'The sessions of the caller' },
);

export const listSessions = operation({
  operationId: 'listSessions',
  method: 'GET',
  url: '/api/v1/esim/sessions',
  summary: 'List your own sessions: those of the person, or of the key',
  permissions: [],
  answers: { 200: { description: 'The sessions', schema: ListSessionsResponse } },
  respond: async ({ store, sessions }: Services<ConsoleSessionStore>, call) => {
    const now = Math.floor(sessions.now() / 1000);
    const found = await store.consoleSessionsOf(ownerOf(call));
    return {
      sessions: found
        .filter(({ endsAt, lastUsedAt }) => endsAt > now && lastUsedAt + sessions.idleSeconds > now)
        .map(({ id, createdAt, lastUsedAt, endsAt, address, userAgent }) => ({
          id,
          created_at: timeOfSeconds(createdAt),
          last_used_at: timeOfSeconds(lastUsedAt),
          expires_at: timeOfSeconds(endsAt),
          ...(address !== undefined && { address }),
          ...(userAgent !== undefined && { user_agent: userAgent }),
          current: id === call.session?.id,
        })),
    };
  },
});
