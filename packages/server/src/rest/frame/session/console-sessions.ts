import { toHex } from '@esim-rsp/codec';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import type { FastifyRequest } from 'fastify';
import { generateToken, tokenHash } from '../../../accounts/console-tickets.ts';
import { type Buckets, createBuckets } from '../../../limits/buckets.ts';
import { createLruCache } from '../../../limits/lru-cache.ts';
import type { SignInAttempts } from '../../../limits/sign-in/sign-in-attempts.ts';
import type { ApiKey, ApiKeyStore } from '../../../store/ports/api-keys.ts';
import type {
  ConsoleSession,
  ConsoleSessionStore,
  SessionOwner,
} from '../../../store/ports/people/console-sessions.ts';
import type { Person, PersonStore } from '../../../store/ports/people/people.ts';
import { roles } from '../../../store/ports/permissions.ts';
import type { AnswerHead } from '../answer-head.ts';
import type { Caller, CallerSession } from '../authenticate.ts';
import { HttpProblem } from '../problem.ts';
import { cameByTls, cookieWith, endOfCookie, tokenIn } from './session-cookie.ts';

/** Sessions are looked up again after this time, so that one that another node has ended stops working. */
const TRUSTED_MILLISECONDS = 2000;
const REMEMBERED = 10_000;
const CHALLENGES_PER_MINUTE = 20;
/** How often the last use is stored. */
const USE_SECONDS = 60;
/** Of what a browser calls itself. */
const USER_AGENT_CHARACTERS = 200;

export type SessionSettings = {
  /** A session ends when it was not used for this time. */
  readonly idleSeconds: number;
  /** And after this time in any case. */
  readonly longestSeconds: number;
  readonly attempts: SignInAttempts;
  /** The address of the console in browsers, without a path; absent: it is not known. */
  readonly publicUrl?: string;
  /** Whether a proxy in front terminates TLS. */
  readonly isBehindTls: boolean;
  /** Whether the server shows demo profiles. */
  readonly isDemo: boolean;
  /** Unix milliseconds. */
  readonly now: () => number;
};

type Store = Pick<ApiKeyStore, 'validApiKeys'> & ConsoleSessionStore & Pick<PersonStore, 'person'>;

/** Who begins a session, and from which IP address. */
type Begin = { readonly signedIn: SignedIn; readonly address: string; readonly random: Random };

/** Who has proved who they are. */
export type SignedIn = { readonly key: ApiKey } | { readonly person: Person };

/** The sessions of people in the console. */
export type ConsoleSessions = SessionSettings & {
  /** How often an address may begin to sign in with a passkey. */
  readonly challenges: Buckets;
  /** Who has the cookie of this request; undefined: it has none. Throws 401 if its session has ended. */
  callerOf(request: FastifyRequest): Caller | Promise<Caller> | undefined;
  /** Begins a session of a key or a person, and sets its cookie. */
  begin(begin: Begin, request: FastifyRequest, reply: Pick<AnswerHead, 'header'>): Promise<Caller>;
  /** Ends a session, and takes its cookie away. */
  end(session: CallerSession, request: FastifyRequest, reply: Pick<AnswerHead, 'header'>): Promise<void>;
  /** Ends all sessions of a person or a key, but `except`. */
  endAllOf(owner: SessionOwner, except?: string): Promise<void>;
  /** Looks up every session again when it is used next: somebody's sessions may have ended. */
  forget(): void;
  /** Whether a session has ended meanwhile, here or on another node. */
  hasEnded(session: CallerSession): Promise<boolean>;
  isTls(request: FastifyRequest): boolean;
  /** The token of a request with a session. */
  tokenOf(request: FastifyRequest): string | undefined;
};

type Known = { readonly caller: Caller; readonly idleEnd: number; readonly until: number };

export function consoleSessions(store: Store, settings: SessionSettings): ConsoleSessions {
  const { idleSeconds, longestSeconds, isBehindTls, now } = settings;
  let known = createLruCache<Known>(REMEMBERED);
  const forget = () => {
    known = createLruCache<Known>(REMEMBERED);
  };
  const isTls = ({ raw }: FastifyRequest) => cameByTls(raw, isBehindTls);

  /** Whose session it is at this moment; undefined: it has ended. */
  const signedInBy = async (
    session: ConsoleSession | undefined,
    seconds: number,
  ): Promise<SignedIn | undefined> => {
    if (session === undefined) return undefined;
    const { account, keyId, endsAt, lastUsedAt } = session;
    if (endsAt <= seconds || lastUsedAt + idleSeconds <= seconds) return undefined;
    if (session.person !== undefined) {
      const person = await store.person(account, session.person);
      return person === undefined || person.disabledAt !== undefined ? undefined : { person };
    }
    const key = (await store.validApiKeys(account, seconds)).find(({ id }) => id === keyId);
    return key && { key };
  };
  const lookUp = async (hash: Uint8Array, name: string): Promise<Caller> => {
    const milliseconds = now();
    const seconds = Math.floor(milliseconds / 1000);
    const session = await store.consoleSession(hash);
    const signedIn = await signedInBy(session, seconds);
    if (session === undefined || signedIn === undefined) {
      if (session !== undefined) await store.deleteConsoleSession(session.id);
      throw new HttpProblem(401, 'unauthorized', 'the session has ended: sign in again');
    }
    if (session.lastUsedAt + USE_SECONDS <= seconds) await store.recordConsoleSessionUse(session.id, seconds);
    const caller = callerBy(signedIn, session, name);
    const until = milliseconds + TRUSTED_MILLISECONDS;
    known.set(name, { caller, idleEnd: (session.lastUsedAt + idleSeconds) * 1000, until });
    return caller;
  };

  const tokenOf = (request: FastifyRequest) => tokenIn(request.headers.cookie, isTls(request));

  return {
    ...settings,
    challenges: createBuckets(CHALLENGES_PER_MINUTE),
    isTls,
    tokenOf,
    callerOf: (request) => {
      const token = tokenOf(request);
      if (token === undefined) return undefined;
      const hash = tokenHash(token);
      const name = toHex(hash);
      const entry = known.get(name);
      const time = now();
      const isFresh = entry !== undefined && entry.until > time && entry.idleEnd > time;
      return isFresh ? entry.caller : lookUp(hash, name);
    },
    begin: async ({ signedIn, address, random }, request, reply) => {
      const owner = 'key' in signedIn ? signedIn.key : signedIn.person;
      const keyEnd = 'key' in signedIn ? signedIn.key.expiresAt : undefined;
      const seconds = Math.floor(now() / 1000);
      const endsAt = Math.min(seconds + longestSeconds, keyEnd ?? Number.POSITIVE_INFINITY);
      const token = generateToken(random);
      const hash = tokenHash(token);
      const userAgent = request.headers['user-agent']?.slice(0, USER_AGENT_CHARACTERS);
      const session: ConsoleSession = {
        id: toHex(random(8)),
        hash,
        account: owner.account,
        ...('key' in signedIn ? { keyId: owner.id } : { person: owner.id }),
        createdAt: seconds,
        lastUsedAt: seconds,
        endsAt,
        address,
        ...(userAgent !== undefined && { userAgent }),
      };
      await store.addConsoleSession(session);
      reply.header('set-cookie', cookieWith(token, isTls(request), endsAt - seconds));
      return callerBy(signedIn, session, toHex(hash));
    },
    end: async ({ id, hash }, request, reply) => {
      await store.deleteConsoleSession(id);
      const ended = { account: '', keyId: '', permissions: [] };
      known.set(hash, { caller: ended, idleEnd: 0, until: 0 });
      reply.header('set-cookie', endOfCookie(isTls(request)));
    },
    endAllOf: async (owner, except) => {
      await store.deleteConsoleSessionsOf(owner, except);
      forget();
    },
    forget,
    hasEnded: async ({ hash }) => {
      const seconds = Math.floor(now() / 1000);
      const session = await store.consoleSession(Buffer.from(hash, 'hex'));
      return (await signedInBy(session, seconds)) === undefined;
    },
  };
}

function callerBy(signedIn: SignedIn, { id, createdAt, endsAt }: ConsoleSession, hash: string): Caller {
  if ('key' in signedIn) {
    const { account, id: keyId, permissions } = signedIn.key;
    return { account, keyId, permissions, session: { id, hash, createdAt, endsAt } };
  }
  const { account, id: personId, name, email, role } = signedIn.person;
  const person = { id: personId, name, email };
  return {
    account,
    keyId: personId,
    permissions: roles[role],
    session: { id, hash, createdAt, endsAt, person },
  };
}
