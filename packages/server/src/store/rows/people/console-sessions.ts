import type { ConsoleSession, ConsoleTicket } from '../../ports/people/console-sessions.ts';
import type { Columns, Row } from '../column-types.ts';

export const consoleSessionColumns = {
  id: 'text',
  hash: 'bytes',
  account: 'text',
  key_id: 'text?',
  person: 'text?',
  created_at: 'integer',
  last_used_at: 'integer',
  ends_at: 'integer',
  address: 'text?',
  user_agent: 'text?',
} as const satisfies Columns;
export type ConsoleSessionRow = Row<typeof consoleSessionColumns>;

export function consoleSessionToRow(session: ConsoleSession): ConsoleSessionRow {
  const { id, hash, account, keyId, person, createdAt, lastUsedAt, endsAt, address, userAgent } = session;
  return {
    id,
    hash,
    account,
    key_id: keyId ?? null,
    person: person ?? null,
    created_at: createdAt,
    last_used_at: lastUsedAt,
    ends_at: endsAt,
    address: address ?? null,
    user_agent: userAgent ?? null,
  };
}

export function consoleSessionFromRow(row: ConsoleSessionRow): ConsoleSession {
  return {
    id: row.id,
    hash: row.hash,
    account: row.account,
    ...(row.key_id !== null && { keyId: row.key_id }),
    ...(row.person !== null && { person: row.person }),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    endsAt: row.ends_at,
    ...(row.address !== null && { address: row.address }),
    ...(row.user_agent !== null && { userAgent: row.user_agent }),
  };
}

export const consoleTicketColumns = {
  hash: 'bytes',
  account: 'text',
  key_id: 'text?',
  person: 'text?',
  ends_at: 'integer',
} as const satisfies Columns;
export type ConsoleTicketRow = Row<typeof consoleTicketColumns>;

export function consoleTicketToRow({
  hash,
  account,
  keyId,
  person,
  endsAt,
}: ConsoleTicket): ConsoleTicketRow {
  return { hash, account, key_id: keyId ?? null, person: person ?? null, ends_at: endsAt };
}

export function consoleTicketFromRow(row: ConsoleTicketRow): ConsoleTicket {
  return {
    hash: row.hash,
    account: row.account,
    ...(row.key_id !== null && { keyId: row.key_id }),
    ...(row.person !== null && { person: row.person }),
    endsAt: row.ends_at,
  };
}
