import { Type } from '@sinclair/typebox';
import { generateApiKey, generateUserId, newKeyRecord } from '../../accounts/accounts.ts';
import { closed } from '../../shapes/shape.ts';
import type { AccountStore } from '../../store/ports/accounts.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { Account, AccountId, AccountName, accountResponse } from './account.ts';

const CreateAccountRequest = Type.Object(
  { name: AccountName, account_id: Type.Optional(AccountId) },
  {
    ...closed,
    $id: 'CreateAccountRequest',
    description: 'An account to create; without account_id, the server generates one',
  },
);

const NewAccount = Type.Object(
  {
    ...Account.properties,
    api_key: Type.String({ description: 'Its first key, which may do everything in it: it is shown once' }),
  },
  {
    $id: 'NewAccount',
    description: 'An account and its first key',
    examples: [
      {
        account_id: 'shop',
        name: 'Example Mobile',
        created_at: '2026-03-01T10:00:00Z',
        api_key: `esk_${'A'.repeat(32)}`,
      },
    ],
  },
);

export const createAccount = operation({
  operationId: 'createAccount',
  method: 'POST',
  url: '/api/v1/esim/accounts',
  summary: 'Create an account with a first key, which is shown once',
  permissions: ['server'],
  body: CreateAccountRequest,
  answers: {
    201: { description: 'The account and its key', schema: NewAccount },
    400: { description: 'A member is not valid' },
    409: { description: 'An account has this id', code: 'account_exists' },
  },
  targets: (_asked, { account_id }) => [account_id],
  respond: async ({ store }: Services<Pick<AccountStore, 'addAccount'>>, { env, body }, reply) => {
    const { now, random } = env;
    const { name, account_id: id = generateUserId(random) } = body;
    const account = { id, name: name.trim(), createdAt: Math.floor(now / 1000) };
    const apiKey = generateApiKey(random);
    const key = newKeyRecord({ userId: id, apiKey, random, now });
    if ((await store.addAccount(account, key)) === 'exists')
      throw new HttpProblem(
        409,
        'account_exists',
        `an account of this server has the id ${id} already: choose another one`,
      );
    reply.status(201);
    return { ...accountResponse(account), api_key: apiKey };
  },
  ifLost: 'its API key was shown once: create a key of this account at the server, with esim key create',
});
