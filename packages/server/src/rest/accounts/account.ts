import { type Static, Type } from '@sinclair/typebox';
import { inWords } from '../../shapes/shape.ts';
import { Time, timeOfSeconds } from '../../shapes/time.ts';
import { UNSEEN } from '../../shapes/unseen.ts';
import type { Account as AccountRecord } from '../../store/ports/accounts.ts';

export const AccountId = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,64}$',
  ...inWords('1 to 64 letters, digits and . _ -'),
  description: 'Its id, which calls send as x-user-id',
  examples: ['shop'],
});

export const AccountName = Type.String({
  pattern: `^[^${UNSEEN}]{1,100}$`,
  ...inWords('1 to 100 characters on one line'),
  description: 'A name for people',
  examples: ['Example Mobile'],
});

export const Account = Type.Object(
  { account_id: AccountId, name: AccountName, created_at: Time('When it was created') },
  {
    $id: 'Account',
    description: 'An account of the server: who owns profiles',
    examples: [{ account_id: 'shop', name: 'Example Mobile', created_at: '2026-03-01T10:00:00Z' }],
  },
);

export function accountResponse({ id, name, createdAt }: AccountRecord): Static<typeof Account> {
  return { account_id: id, name, created_at: timeOfSeconds(createdAt) };
}
