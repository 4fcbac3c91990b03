import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientAddressOf } from '../../limits/client-address.ts';
import { noNetworks } from '../../limits/networks.ts';
import { type AuditEntry, type AuditStore, MOST_TARGETS } from '../../store/ports/audit.ts';
import type { Caller } from './authenticate.ts';
import type { Operation, Services, WriteAudit } from './operation.ts';
import { problemOf } from './problem.ts';

/** Does the work of an operation around a request, and writes it down. */
export type Audited = (
  request: FastifyRequest,
  reply: FastifyReply,
  work: (audit: WriteAudit) => unknown,
) => Promise<unknown>;

/**
 * Writes an audit entry of a change and of its answer, before the answer is sent: every change that was acknowledged is in
 * the log. When the log cannot be written, the caller receives an error, although the change is made.
 */
export function audited({ store, limits }: Services<AuditStore>, operation: Operation): Audited {
  return async (request, reply, work) => {
    const address = clientAddressOf(request.raw, limits?.proxies ?? noNetworks); // a body that breaks off takes its socket along
    const write = (about: Pick<AuditEntry, 'targets' | 'targetCount' | 'status' | 'code'>) =>
      store.addAuditEntry({ ...entryOf(request, operation.operationId, address), ...about });
    const writeAtEnd: WriteAudit = (targets, targetCount) =>
      write({ status: reply.statusCode, ...listed(targets, targetCount) });
    const outcome = await settled(() => work(writeAtEnd));
    if ('error' in outcome) {
      const { status = 500, code = 'internal_error' } = problemOf(outcome.error) ?? {};
      await write({ status, code, ...listed(targetsOf(operation, request, undefined)) });
      throw outcome.error;
    }
    const { answer } = outcome;
    if (operation.bodyTypes === undefined)
      await write({ status: reply.statusCode, ...listed(targetsOf(operation, request, answer)) });
    return answer;
  };
}

/** Who called what, and when. */
export function entryOf(
  { caller, id: requestId }: Pick<FastifyRequest, 'caller' | 'id'>,
  operation: string,
  address: string,
): AuditEntry {
  const { account = '', keyId } = caller ?? {};
  const key = keyId === undefined ? {} : { keyId };
  return { at: Date.now(), account, ...key, address, operation, targets: [], requestId };
}

async function settled(
  work: () => unknown,
): Promise<{ readonly answer: unknown } | { readonly error: unknown }> {
  try {
    return { answer: await work() };
  } catch (error) {
    return { error };
  }
}

/** What a request concerns: its path parameters, then what the operation names of its body and of the answer. */
export function targetsOf(
  operation: Pick<Operation, 'targets'>,
  { params, body, query, caller }: Pick<FastifyRequest, 'params' | 'body' | 'query' | 'caller'>,
  answer: unknown,
): readonly string[] {
  const members =
    typeof answer === 'object' && answer !== null ? (answer as Readonly<Record<string, unknown>>) : {};
  const named = operation.targets?.({ params, query, body: body ?? {}, ...callerIn(caller) }, members) ?? [];
  const texts = [...Object.values(params ?? {}), ...named].map((one) =>
    one === undefined ? '' : String(one),
  );
  return [...new Set(texts)].filter((text) => /^[^\p{C}]{1,128}$/u.test(text));
}

function callerIn(caller: Caller | null): Pick<Caller, 'session' | 'keyId'> {
  const { session, keyId = '' } = caller ?? {};
  return { keyId, ...(session !== undefined && { session }) };
}

function listed(
  targets: readonly string[],
  count = targets.length,
): Pick<AuditEntry, 'targets' | 'targetCount'> {
  const first = targets.slice(0, MOST_TARGETS);
  return { targets: first, ...(count > first.length && { targetCount: count }) };
}
