import type { FastifyRequest } from 'fastify';
import { createRefusalAudit } from '../../audit/refusals.ts';
import type { AuditEntry, AuditStore } from '../../store/ports/audit.ts';
import type { Caller } from '../frame/authenticate.ts';
import type { Services } from '../frame/operation.ts';

function entryOf({ id: requestId }: FastifyRequest, address: string): AuditEntry {
  return { at: Date.now(), account: '', address, operation: 'createSession', targets: [], requestId };
}

/** Writes down who has signed in. */
export async function auditSignIn(
  { store }: Services<AuditStore>,
  request: FastifyRequest,
  address: string,
  { account, keyId, session }: Caller,
): Promise<void> {
  const targets = session === undefined ? [] : [session.id];
  await store.addAuditEntry({ ...entryOf(request, address), account, keyId, targets, status: 201 });
}

/** One for each store: what it drops is limited for the whole process. */
const refusals = new WeakMap<AuditStore, (entry: AuditEntry) => Promise<void>>();

/** Writes down an attempt that was refused. `account`: the one that was claimed, empty if it is not known. */
export async function auditRefusedSignIn(
  { store }: Services<AuditStore>,
  request: FastifyRequest,
  address: string,
  account: string,
): Promise<void> {
  const write = refusals.get(store) ?? createRefusalAudit(store);
  refusals.set(store, write);
  await write({ ...entryOf(request, address), account, status: 401, code: 'unauthorized' });
}
