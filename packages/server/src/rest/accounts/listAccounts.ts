import { Type } from '@sinclair/typebox';
import type { AccountStore } from '../../store/ports/accounts.ts';
import { operation, type Services } from '../frame/operation.ts';
import { Account, accountResponse } from './account.ts';

/** An answer has no more than the newest of them. */
const MOST_ACCOUNTS = 10_000;

const ListAccountsResponse = Type.Object(
  { accounts: Type.Array(Account, { description: 'The accounts, the oldest first' }) },
  { $id: 'ListAccountsResponse', description: 'The accounts of the server, the newest 10,000' },
);

export const listAccounts = operation({
  operationId: 'listAccounts',
  method: 'GET',
  url: '/api/v1/esim/accounts',
  summary: 'List the accounts of the server',
  permissions: ['server'],
  answers: { 200: { description: 'The accounts', schema: ListAccountsResponse } },
  respond: async ({ store }: Services<Pick<AccountStore, 'accounts'>>) => ({
    accounts: (await store.accounts()).slice(-MOST_ACCOUNTS).map(accountResponse),
  }),
});
