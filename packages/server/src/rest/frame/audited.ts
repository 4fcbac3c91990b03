import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientAddressOf } from '../../limits/client-address.ts';
import { noNetworks } from '../../limits/networks.ts';
import type { AuditStore } from '../../store/ports/audit.ts';
import type { Operation, Services } from './operation.ts';
import { problemOf } from './problem.ts';

/** Does the work of an operation around a request, and writes it down. */
export type Audited = (request: FastifyRequest, reply: FastifyReply, work: () => unknown) => Promise<unknown>;

/**
 * Writes an audit entry of a change and of its answer, before the answer is sent: every change that was acknowledged is in
 * the log. When the log cannot be written, the caller receives an error, although the change is made.
 */
export function audited({ store, limits }: Services<AuditStore>, { operationId }: Operation): Audited {
  const note = (request: FastifyRequest, address: string, status: number) => {
    const target = targetOf(request);
    return store.addAuditEntry({
      at: Date.now(),
      account: request.caller?.account ?? '',
      keyId: request.caller?.keyId ?? '',
      address,
      operation: operationId,
      ...(target !== undefined && { target }),
      status,
      requestId: request.id,
    });
  };
  return async (request, reply, work) => {
    const address = clientAddressOf(request.raw, limits?.proxies ?? noNetworks); // a body that breaks off takes its socket along
    const outcome = await settled(work);
    if ('error' in outcome) {
      await note(request, address, problemOf(outcome.error)?.status ?? 500);
      throw outcome.error;
    }
    await note(request, address, reply.statusCode);
    return outcome.answer;
  };
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

/** The path parameter, or the ICCID that a body names, as far as they are sane. */
function targetOf({ params, body }: FastifyRequest): string | undefined {
  const { iccid, id, profile_type } = (params ?? {}) as Readonly<Record<string, unknown>>;
  const { parameters } = (body ?? {}) as { readonly parameters?: { readonly iccid?: unknown } };
  const named = iccid ?? id ?? profile_type ?? parameters?.iccid;
  return typeof named === 'string' && /^[\w-]{1,64}$/.test(named) ? named : undefined;
}
