import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IdempotencyStore, IdempotentRequest } from '../../../store/ports/idempotency.ts';
import { UnreadableRecordError } from '../../../store/ports/unreadable-rows.ts';
import type { Services } from '../operation.ts';
import { HttpProblem } from '../problem.ts';
import { seal, unseal } from './seal.ts';

/** A request without an answer for this time belongs to a process that is gone. */
const ABANDONED_MS = 60_000;
const REPLAYED = 'idempotency-replayed';

/**
 * Does the work of a POST once for each Idempotency-Key of an account: the same request again is answered as the first
 * time, with `Idempotency-Replayed: true`. Refusals are not kept. The answer is kept after the work was done: when the
 * process ends in between, the request runs again after a minute, and the operation itself says what the state allows by
 * then. Answers hold activation codes and keys, so they are sealed with the caller's own API key or token.
 */
export async function onceFor(
  { store, sessions }: Services<IdempotencyStore>,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => unknown,
): Promise<unknown> {
  const key = keyIn(request);
  const { caller } = request;
  if (key === undefined || caller === null) return work();
  const { account } = caller;
  const begunAt = Date.now();
  const own = { account, key, fingerprint: fingerprintOf(request), begunAt };
  const known = await store.beginRequest(own, begunAt - ABANDONED_MS);
  const secret = caller.session === undefined ? request.headers['x-api-key'] : sessions.tokenOf(request);
  if (typeof secret !== 'string') throw new Error('a caller has neither a key nor a session');
  if (known !== 'started') return replayed(known, own.fingerprint, secret, reply);
  try {
    const answer = await work();
    if (isPlain(answer)) {
      const sealed = seal(JSON.stringify(answer), secret);
      await store.saveAnswer(account, key, { status: reply.statusCode, sealed }, iccidsIn(answer));
    } else await store.deleteRequest(account, key);
    return answer;
  } catch (error) {
    await store.deleteRequest(account, key);
    throw error;
  }
}

function keyIn({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new HttpProblem(400, 'validation_failed', 'Idempotency-Key has 1 to 255 visible ASCII characters');
}

function fingerprintOf({ method, url, body, caller }: FastifyRequest): string {
  return hash(
    'sha256',
    JSON.stringify([method, url, body ?? null, caller?.session?.id ?? caller?.keyId]),
    'hex',
  );
}

function replayed(
  known: IdempotentRequest,
  fingerprint: string,
  secret: string,
  reply: FastifyReply,
): unknown {
  if (known.fingerprint !== fingerprint)
    throw new HttpProblem(
      422,
      'idempotency_key_reused',
      'this Idempotency-Key was sent with another request: use a new key for each request',
    );
  if (known.answer === undefined)
    throw new HttpProblem(409, 'in_progress', 'the same request is under way: try again', undefined, 1);
  if (known.answer.sealed.length === 0)
    throw new HttpProblem(
      422,
      'idempotency_key_reused',
      'the answer to the request with this Idempotency-Key was deleted together with its profile: use a new key for a new request',
    );
  const text = unseal(known.answer.sealed, secret);
  if (text === undefined) throw new UnreadableRecordError(`idempotency ${known.key}`, known.account);
  reply.status(known.answer.status).header(REPLAYED, 'true');
  return JSON.parse(text);
}

/** The ICCIDs of the profiles that an answer shows, wherever they are in it. */
function iccidsIn(part: unknown): readonly string[] {
  if (typeof part !== 'object' || part === null) return [];
  const own = 'iccid' in part && typeof part.iccid === 'string' ? [part.iccid] : [];
  return [...own, ...Object.values(part).flatMap(iccidsIn)];
}

/** JSON, and not a stream. */
function isPlain(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && Object.getPrototypeOf(answer) === Object.prototype;
}
