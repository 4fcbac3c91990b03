import type { FastifyReply, FastifyRequest } from 'fastify';
import { createBuckets } from '../../limits/buckets.ts';
import { clientAddressOf } from '../../limits/client-address.ts';
import { limitNameOf } from '../../limits/ip-address.ts';
import { noNetworks } from '../../limits/networks.ts';
import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import type { AuditStore } from '../../store/ports/audit.ts';
import {
  covers,
  describeNeeded,
  describePermissions,
  type Needed,
  type Permission,
} from '../../store/ports/permissions.ts';
import { authenticator, type Caller, showsKey } from './authenticate.ts';
import type { Operation, Services } from './operation.ts';
import { HttpProblem } from './problem.ts';
import { refusalAudit } from './refusal-audit.ts';
import { foreignOrigin } from './session/own-origin.ts';

export type Identify = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

/** Wrong keys per address, where addresses are limited: after that it must wait. */
const FAILURES_PER_MINUTE = 30;

/**
 * Finds out who calls, before anything else is looked at, and whether the key is good for it. Addresses and keys that
 * call too often get 429.
 */
export function identifier(
  services: Services<ApiKeyStore & AuditStore>,
): (operation: Pick<Operation, 'operationId' | 'permissions'>) => Identify {
  const { store, sessions, limits = { perKey: 0, perAddress: 0, proxies: noNetworks }, used } = services;
  const authenticate = authenticator(store);
  const auditRefusal = refusalAudit(services);
  const ofAddress = createBuckets(limits.perAddress);
  const ofKey = createBuckets(limits.perKey);
  const failures = createBuckets(limits.perAddress === 0 ? 0 : FAILURES_PER_MINUTE);

  const accept = (
    request: FastifyRequest,
    caller: Caller,
    needed: Needed,
    now: number,
  ): Error | undefined => {
    const { session, keyId } = caller;
    if (session?.person === undefined) used?.(keyId, now);
    request.caller = caller;
    const seconds = ofKey.take(session?.id ?? keyId, now);
    if (seconds > 0) return tooOften(session === undefined ? 'this key' : 'this session', seconds);
    if (session !== undefined && !isRead(request)) {
      const foreign = foreignOrigin(request.headers, sessions.isTls(request));
      if (foreign !== undefined) return foreign;
    }
    return covers(caller.permissions, needed) ? undefined : forbidden(caller.permissions, needed);
  };
  const refused = (error: Error, address: string, now: number): Error => {
    if (!(error instanceof HttpProblem) || error.status !== 401) return error;
    const seconds = failures.take(address, now);
    return seconds > 0 ? tooOften('this address has shown too many wrong keys and', seconds) : error;
  };

  /** By its key, else by the cookie of a session. */
  const callerOf = (request: FastifyRequest) =>
    (showsKey(request.headers) ? undefined : sessions.callerOf(request)) ?? authenticate(request.headers);
  /** A browser that asks whether it is signed in, or shows a session that has ended, is no attack. */
  const isExpected = (request: FastifyRequest, { operationId }: Pick<Operation, 'operationId'>) =>
    !showsKey(request.headers) && (operationId === 'getSession' || sessions.tokenOf(request) !== undefined);

  return (operation) => (request, _reply, done) => {
    const now = Date.now();
    const address = limitNameOf(clientAddressOf(request.raw, limits.proxies));
    const isAudited = ({ status }: HttpProblem) =>
      status === 403 || (status === 401 && !isExpected(request, operation));
    const end = (error: Error | undefined) =>
      error instanceof HttpProblem && isAudited(error)
        ? void auditRefusal(request, operation.operationId, error).finally(() => done(error))
        : done(error);
    const refuse = (error: Error) => (isExpected(request, operation) ? error : refused(error, address, now));
    const seconds = ofAddress.take(address, now);
    if (seconds > 0) return done(tooOften('this address', seconds));
    let found: Caller | Promise<Caller>;
    try {
      found = callerOf(request);
    } catch (error) {
      return end(refuse(error as Error));
    }
    if (!(found instanceof Promise)) return end(accept(request, found, operation.permissions, now));
    found.then(
      (caller) => end(accept(request, caller, operation.permissions, now)),
      (error) => end(refuse(error)),
    );
  };
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function tooOften(who: string, seconds: number): HttpProblem {
  const detail = `${who} calls too often: try again in ${seconds} seconds`;
  return new HttpProblem(429, 'rate_limited', detail, undefined, seconds);
}

/** The refusal of a key that may not do what is asked. */
export function forbidden(owned: readonly Permission[], needed: Needed): HttpProblem {
  const advice = "use another key; 'esim key create --permissions' creates one";
  return new HttpProblem(
    403,
    'forbidden',
    `this key is good for ${describePermissions(owned)}, and this needs ${describeNeeded(needed)}: ${advice}`,
  );
}
