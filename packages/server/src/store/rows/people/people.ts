import type { Person } from '../../ports/people/people.ts';
import { type Role, roles } from '../../ports/permissions.ts';
import type { Columns, Row } from '../column-types.ts';

export const personColumns = {
  id: 'text',
  account: 'text',
  email: 'text',
  name: 'text',
  role: 'text',
  created_at: 'integer',
  password_hash: 'secret text?',
  disabled_at: 'integer?',
  signed_in_at: 'integer?',
  openid_subject: 'text?',
} as const satisfies Columns;
export type PersonRow = Row<typeof personColumns>;

export function personToRow(person: Person): PersonRow {
  const { id, account, email, name, role, createdAt, passwordHash, disabledAt, signedInAt, openidSubject } =
    person;
  return {
    id,
    account,
    email,
    name,
    role,
    created_at: createdAt,
    password_hash: passwordHash ?? null,
    disabled_at: disabledAt ?? null,
    signed_in_at: signedInAt ?? null,
    openid_subject: openidSubject ?? null,
  };
}

export function personFromRow(row: PersonRow): Person {
  return {
    id: row.id,
    account: row.account,
    email: row.email,
    name: row.name,
    role: roleIn(row.role),
    createdAt: row.created_at,
    ...(row.password_hash !== null && { passwordHash: row.password_hash }),
    ...(row.disabled_at !== null && { disabledAt: row.disabled_at }),
    ...(row.signed_in_at !== null && { signedInAt: row.signed_in_at }),
    ...(row.openid_subject !== null && { openidSubject: row.openid_subject }),
  };
}

function roleIn(text: string): Role {
  if (!Object.hasOwn(roles, text)) throw new Error(`the role ${text} is not known`);
  return text as Role;
}
