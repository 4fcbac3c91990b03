import type { FastifyReply, FastifyRequest } from 'fastify';
import { traceIdOf } from '../../http/request-id.ts';
import { currentScope, inScope } from '../../log/scope.ts';
import type { Traces } from '../../traces/traces.ts';
import type { Services } from './operation.ts';
import { problemOf } from './problem.ts';

/** Does the work in the scope of the request: hooks before it may have entered it. */
export function inRequest<T>({ id, headers }: FastifyRequest, work: () => T): T {
  if (currentScope()?.request_id === id) return work();
  return inScope({ request_id: id, ...traceIdOf(headers) }, work);
}

/** Does a call in a trace. Its caller has a key, and may say to which trace it belongs. */
export function traceCall<T>(
  traces: Traces,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<T>,
): Promise<T> {
  const { headers, operationId, params } = request;
  return traces.receive({ name: `REST ${operationId}`, headers, isKnown: true }, async (span) => {
    const { iccid } = (params ?? {}) as { readonly iccid?: string };
    span.note({ ...currentScope(), interface: 'REST', function: operationId, iccid });
    try {
      const answer = await work();
      span.note({ status: reply.statusCode });
      return answer;
    } catch (error) {
      const { status = 500 } = problemOf(error) ?? {};
      span.note({ status });
      if (status >= 500) span.fail();
      throw error;
    }
  });
}

/** Logs a call at the level debug. A hook of Fastify would cost a GET a sixth of its time. */
export function logCall(log: Services['log'], request: FastifyRequest, status: number): void {
  log?.debug('the call was answered', {
    interface: 'REST',
    function: request.operationId,
    status,
    request_id: request.id,
    iccid: (request.params as { readonly iccid?: string } | undefined)?.iccid,
  });
}
