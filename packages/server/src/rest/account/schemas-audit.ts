import { Type } from '@sinclair/typebox';
import { Time } from '../../shapes/time.ts';

/** The JSON shapes of the audit log. */

const entryExample = {
  id: 42,
  occurred_at: '2026-03-01T10:00:00.000Z',
  key_id: '5d1c9a72f04be138',
  address: '192.0.2.7',
  operation: 'orderEUICCProfile',
  target: '8900101000000000017',
  status: 200,
  request_id: '3f1c9a52-8a1e-4d0e-9a57-0c7b1f0f6a11',
};

export const AuditEntry = Type.Object(
  {
    id: Type.Integer({ description: 'Grows from entry to entry' }),
    occurred_at: Time('When it happened'),
    key_id: Type.Optional(Type.String({ description: 'Absent: at the command line beside the server' })),
    address: Type.Optional(Type.String()),
    operation: Type.String({ description: 'The operation, or the command' }),
    target: Type.Optional(Type.String({ description: 'What it was done to' })),
    status: Type.Optional(Type.Integer({ description: 'HTTP status of the answer' })),
    request_id: Type.Optional(Type.String()),
  },
  { $id: 'AuditEntry', examples: [entryExample] },
);

export const AuditQuery = Type.Object({
  cursor: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,15}$',
      description: 'next_cursor of the page before; without it, from the first entry on',
    }),
  ),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});

export const ListAuditResponse = Type.Object(
  {
    entries: Type.Array(AuditEntry),
    next_cursor: Type.String({
      description: 'The cursor of the next page, also of one that has no entries yet',
    }),
    more: Type.Boolean({ description: 'Whether there are further entries already' }),
  },
  { $id: 'ListAuditResponse', examples: [{ entries: [entryExample], next_cursor: '42', more: false }] },
);
