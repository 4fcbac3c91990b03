import { Type } from '@sinclair/typebox';
import { closed, inWords, named } from '../../shapes/shape.ts';
import type { AuditStore } from '../../store/ports/audit.ts';
import type { ChainStore } from '../../store/ports/logs/chains.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { AuditEntry, entryResponse } from './audit-entry.ts';

const EntryParams = named(
  'EntryParams',
  Type.Object(
    {
      entryId: Type.Integer({
        minimum: 1,
        maximum: 9_007_199_254_740_991,
        description: 'The id of an audit entry',
      }),
    },
    { ...closed, description: 'An audit entry' },
  ),
);

const EraseAuditEntryRequest = Type.Object(
  {
    reason: Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '^[^\\p{C}]+$',
      ...inWords('1 to 200 characters, without line breaks'),
      description: 'Why it is erased. It stays in the audit log: name no person',
    }),
  },
  {
    ...closed,
    $id: 'EraseAuditEntryRequest',
    description: 'Why content is erased',
    examples: [{ reason: 'request 2026-117 of a customer' }],
  },
);

type Store = Pick<ChainStore, 'eraseAuditEntry'> & AuditStore;

export const eraseAuditEntry = operation({
  operationId: 'eraseAuditEntry',
  method: 'POST',
  url: '/api/v1/esim/audit/:entryId/erase',
  summary:
    'Erase the content of an audit entry for good: who did it, from where, and to what. Its time, operation and status stay, and another entry says that it was erased, and why',
  permissions: ['admin'],
  params: EntryParams,
  body: EraseAuditEntryRequest,
  answers: {
    200: { description: 'What is left of the entry', schema: AuditEntry },
    400: { description: 'A member is not valid, or there is no reason' },
    404: { description: 'The account has no such audit entry', code: 'audit_entry_not_found' },
    409: {
      description:
        'The server wrote the entry about its own logs: it has nothing personal, and a verification needs it',
      code: 'audit_entry_needed',
    },
  },
  respond: async ({ store }: Services<Store>, { env, account, params, body }) => {
    const id = params.entryId;
    const outcome = await store.eraseAuditEntry({ account, id, at: env.now, reason: body.reason });
    if (outcome === 'record')
      throw new HttpProblem(
        409,
        'audit_entry_needed',
        `the entry ${id} says what was erased or deleted from the logs, and has nothing personal: it stays`,
      );
    const [entry] =
      outcome === 'unknown'
        ? []
        : (await store.auditEntries({ account, sort: 'oldest', after: { id: id - 1 }, count: 1 })).items;
    if (entry?.id !== id)
      throw new HttpProblem(404, 'audit_entry_not_found', `there is no audit entry ${id}`);
    return entryResponse(entry);
  },
});
