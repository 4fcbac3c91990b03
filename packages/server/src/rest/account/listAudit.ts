import { type Static, Type } from '@sinclair/typebox';
import { isPersonId } from '../../shapes/acted-by.ts';
import { closed, inWords, named } from '../../shapes/shape.ts';
import type { AuditStore } from '../../store/ports/audit.ts';
import type { ChainStore } from '../../store/ports/logs/chains.ts';
import type { PersonStore } from '../../store/ports/people/people.ts';
import {
  ENTRIES_DELETED,
  logFilters,
  logPaging,
  logPlace,
  placeAfter,
  rangeIn,
  refuseDeleted,
} from '../frame/log-query.ts';
import { operation, type Services } from '../frame/operation.ts';
import { AuditEntry, entryExample, entryResponse } from './audit-entry.ts';

const { sort, ...times } = logFilters('entries', 'newest');

const AuditQuery = named(
  'AuditQuery',
  Type.Object(
    {
      ...logPaging('an entry'),
      key_id: Type.Optional(
        Type.String({
          pattern: '^[0-9a-f]{16}$',
          ...inWords('16 hexadecimal digits in lower case'),
          description: 'Only what was done with this API key',
        }),
      ),
      person_id: Type.Optional(
        Type.String({
          pattern: '^person-[0-9a-f]{16}$',
          ...inWords('person- and 16 hexadecimal digits in lower case'),
          description: 'Instead of key_id: only what this person did',
        }),
      ),
      operator: Type.Optional(
        Type.String({ minLength: 1, maxLength: 128, description: 'Only calls of this operator' }),
      ),
      operation: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 128,
          description: 'Only this operation, function or command',
        }),
      ),
      target: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 128,
          description: 'Only what concerned this, such as an ICCID',
        }),
      ),
      since: times.since,
      until: times.until,
      sort,
    },
    { ...closed, description: 'Which entries a page has' },
  ),
);

const ListAuditResponse = Type.Object(
  {
    entries: Type.Array(AuditEntry, { description: 'The entries' }),
    ...logPlace('entries'),
  },
  {
    $id: 'ListAuditResponse',
    description: 'A page of the audit log, the newest entry first unless the request says otherwise',
    examples: [{ entries: [entryExample], more: false }],
  },
);

export const listAudit = operation({
  operationId: 'listAudit',
  method: 'GET',
  url: '/api/v1/esim/audit',
  summary:
    'List who did what in the account, the newest first: changes, reading of secrets, and refused calls',
  isLong: true,
  permissions: ['admin'],
  query: AuditQuery,
  answers: {
    200: { description: 'A page of entries', schema: ListAuditResponse },
    400: { description: 'A parameter is out of its range' },
    410: ENTRIES_DELETED,
  },
  respond: async (
    { store }: Services<AuditStore & PersonStore & Pick<ChainStore, 'chainOf'>>,
    { account, query },
  ) => {
    const filter = { ...filterOf(query), account };
    await refuseDeleted(store, 'audit', filter);
    const page = await store.auditEntries(filter);
    const hasPeople = page.items.some(({ keyId }) => keyId !== undefined && isPersonId(keyId));
    const people = hasPeople ? await store.people(account) : [];
    const names = new Map(people.map(({ id, name }) => [id, name]));
    return { entries: page.items.map((entry) => entryResponse(entry, names)), ...placeAfter(page) };
  },
});

function filterOf({
  key_id,
  person_id = key_id,
  operator,
  operation: name,
  target,
  ...range
}: Static<typeof AuditQuery>) {
  return {
    ...rangeIn(range, { usual: 'newest', byNumber: target !== undefined }),
    ...(person_id !== undefined && { keyId: person_id }),
    ...(operator !== undefined && { operator }),
    ...(name !== undefined && { operation: name }),
    ...(target !== undefined && { target }),
  };
}
