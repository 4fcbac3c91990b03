import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type BegunRequest,
  type IdempotentRequest,
  RequestTakenOver,
  type WorkDone,
} from '../../../store/ports/idempotency.ts';
import { UnreadableRecordError } from '../../../store/ports/unreadable-rows.ts';
import type { RestStore, Services } from '../operation.ts';
import { HttpProblem, problemOf } from '../problem.ts';
import { seal, unseal } from './seal.ts';
import { storeOfRequest } from './store-of-request.ts';

/** A request that has neither done its work nor an answer for this time belongs to a process that is gone. */
const ABANDONED_MS = 60_000;
const REPLAYED = 'idempotency-replayed';

/** What an operation does for a request with an Idempotency-Key. */
export type Once = {
  readonly work: (store: RestStore) => unknown;
  /** Answers again from what was saved; undefined: that cannot be done any more. Absent: never, because the answer shows something once. */
  readonly again?: ((done: WorkDone) => unknown) | undefined;
  /** What to do when the work is done and its answer is lost. */
  readonly ifLost?: string | undefined;
};

/**
 * Does the work of a POST once for each Idempotency-Key of an account: the same request again is answered as the first
 * time, with `Idempotency-Replayed: true`. Refusals are not kept. The work records in its own transaction that it is done
 * (`storeOfRequest`), and the answer is kept after it. When the process ends before the work is done, the request runs
 * again after a minute. When it ends in between, the work is never done again: the request is answered from what was
 * saved or, if that cannot be, refused with what to do. Answers hold activation codes and keys, so they are sealed with
 * the caller's own API key or token.
 */
export async function onceFor(
  { store, sessions }: Pick<Services, 'store' | 'sessions'>,
  request: FastifyRequest,
  reply: FastifyReply,
  once: Once,
): Promise<unknown> {
  const key = keyIn(request);
  const { caller } = request;
  if (key === undefined || caller === null) return once.work(store);
  const { account } = caller;
  const begunAt = Date.now();
  const own = { account, key, fingerprint: fingerprintOf(request), begunAt };
  const known = await store.beginRequest(own, begunAt - ABANDONED_MS);
  const secret = caller.session === undefined ? request.headers['x-api-key'] : sessions.tokenOf(request);
  if (typeof secret !== 'string') throw new Error('a caller has neither a key nor a session');
  if (known !== 'started') {
    mustBeSame(known, own.fingerprint);
    if (known.answer !== undefined) return replayed({ ...known, answer: known.answer }, secret, reply);
    return answeredAgain(store, known, begunAt, once, reply);
  }
  const answer = await doWork(store, own, once);
  if (isPlain(answer)) {
    const sealed = seal(JSON.stringify(answer), secret);
    await store.saveAnswer(own, { status: reply.statusCode, sealed }, iccidsIn(answer));
  } else await store.deleteRequest(own, 'undone');
  return answer;
}

/** Does the work. After a refusal the request may be sent again; once its work is done, it is not done again. */
async function doWork(store: RestStore, own: BegunRequest, { work }: Once): Promise<unknown> {
  try {
    return await work(storeOfRequest(store, own));
  } catch (error) {
    await store.deleteRequest(own, isUndone(error) ? 'undone' : undefined);
    throw error instanceof RequestTakenOver ? inProgress() : error;
  }
}

/** An upstream has refused what was requested and saved: nothing is done, and the request may be sent again. */
function isUndone(error: unknown): boolean {
  return problemOf(error)?.code === 'upstream_refused';
}

/** Answers a request that has no answer yet: its process still works on it, or has ended. */
async function answeredAgain(
  store: RestStore,
  known: IdempotentRequest,
  now: number,
  { again, ifLost }: Once,
  reply: FastifyReply,
): Promise<unknown> {
  const { done, begunAt } = known;
  if (done === undefined || (again === undefined && begunAt > now - ABANDONED_MS)) throw inProgress();
  try {
    const answer = await again?.(done);
    if (answer === undefined) throw answerLost(done, ifLost);
    reply.header(REPLAYED, 'true');
    return answer;
  } catch (error) {
    if (isUndone(error)) await store.deleteRequest(known, 'undone');
    throw error;
  }
}

function inProgress(): HttpProblem {
  return new HttpProblem(409, 'in_progress', 'the same request is under way: try again', undefined, 1);
}

const USUALLY = 'read what it changed, and use a new Idempotency-Key only to do the same again';
const MOST_NAMED = 5;

function answerLost({ id, iccids }: WorkDone, ifLost = USUALLY): HttpProblem {
  const names = [...(id === undefined ? [] : [id]), ...iccids];
  const more = names.length - MOST_NAMED;
  const named = [...names.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
  const what = `the request with this Idempotency-Key was done${named && ` (${named})`}, but the server stopped before it kept the answer`;
  return new HttpProblem(409, 'answer_lost', `${what}: ${ifLost}`);
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

function mustBeSame(known: IdempotentRequest, fingerprint: string): void {
  if (known.fingerprint !== fingerprint)
    throw new HttpProblem(
      422,
      'idempotency_key_reused',
      'this Idempotency-Key was sent with another request: use a new key for each request',
    );
}

function replayed(
  known: Required<Pick<IdempotentRequest, 'account' | 'key' | 'answer'>>,
  secret: string,
  reply: FastifyReply,
): unknown {
  const { answer } = known;
  if (answer.sealed.length === 0)
    throw new HttpProblem(
      422,
      'idempotency_key_reused',
      'the answer to the request with this Idempotency-Key was deleted together with its profile: use a new key for a new request',
    );
  const text = unseal(answer.sealed, secret);
  if (text === undefined) throw new UnreadableRecordError(`idempotency ${known.key}`, known.account);
  reply.status(answer.status).header(REPLAYED, 'true');
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
