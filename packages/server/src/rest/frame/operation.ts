import type { Readable } from 'node:stream';
import type { Env } from '@esim-rsp/smdp/env';
import type { FromCaller } from '@esim-rsp/smdp/from-caller';
import type { Store } from '@esim-rsp/smdp/ports';
import type { Static, TSchema } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import type { CoreAccess } from '../../delivery/core/core-kind.ts';
import type { Es2Network } from '../../delivery/upstream/es2-call.ts';
import type { OwnCertificate } from '../../keys/own-certificates.ts';
import type { Availability } from '../../limits/availability.ts';
import type { Buckets } from '../../limits/buckets.ts';
import type { Load } from '../../limits/load.ts';
import type { Networks } from '../../limits/networks.ts';
import type { Log } from '../../log/log.ts';
import type { AccountStore } from '../../store/ports/accounts.ts';
import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import type { AuditStore } from '../../store/ports/audit.ts';
import type { ChangeStore } from '../../store/ports/changes.ts';
import type { EventStore } from '../../store/ports/events.ts';
import type { CoreNetworkStore } from '../../store/ports/gateway/core-networks.ts';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import type { UpstreamStore } from '../../store/ports/gateway/upstreams.ts';
import type { IdempotencyStore, WorkDone } from '../../store/ports/idempotency.ts';
import type { BrandStore } from '../../store/ports/install/brands.ts';
import type { InstallLinkStore } from '../../store/ports/install/links.ts';
import type { InventoryStore } from '../../store/ports/inventory.ts';
import type { ChainStore } from '../../store/ports/logs/chains.ts';
import type { OverviewStore } from '../../store/ports/logs/overview.ts';
import type { AlertStore } from '../../store/ports/mail/alerts.ts';
import type { MailStore } from '../../store/ports/mail/mail.ts';
import type { NumberReservationStore } from '../../store/ports/number-reservations.ts';
import type { OperatorStore } from '../../store/ports/operators.ts';
import type { OutboxStore } from '../../store/ports/outbox.ts';
import type { ConsoleSessionStore } from '../../store/ports/people/console-sessions.ts';
import type { PasskeyStore } from '../../store/ports/people/passkeys.ts';
import type { PersonStore } from '../../store/ports/people/people.ts';
import type { Needed, Permission } from '../../store/ports/permissions.ts';
import type { ProfileStore } from '../../store/ports/profiles.ts';
import type { RefusedCallStore } from '../../store/ports/refused-calls.ts';
import type { SessionStore } from '../../store/ports/sessions.ts';
import type { TemplateStore } from '../../store/ports/templates.ts';
import type { UnreadableRowStore } from '../../store/ports/unreadable-rows.ts';
import type { WebhookStore } from '../../store/ports/webhooks.ts';
import type { Traces } from '../../traces/traces.ts';
import type { ConsoleFiles } from '../console/console-files.ts';
import type { LabPhone } from '../lab/lab-phone.ts';
import type { OpenIdProvider } from '../openid/provider.ts';
import type { AnswerHead } from './answer-head.ts';
import type { CallerSession } from './authenticate.ts';
import type { ProblemCode } from './problem-code.ts';
import type { ConsoleSessions } from './session/console-sessions.ts';

/** Writes the audit entry of an operation whose answer is a stream, when it has ended. */
export type WriteAudit = (targets: readonly string[], targetCount: number) => Promise<void>;

/** Calls a minute; 0: no limit. */
export type RestLimits = {
  readonly perKey: number;
  readonly perAddress: number;
  /** The proxies that may say in X-Forwarded-For where a request comes from. */
  readonly proxies: Networks;
};

/** The records that the operations use, all together. */
export type RestStore = Omit<Store, keyof ChangeStore> &
  ChangeStore &
  AccountStore &
  AlertStore &
  ApiKeyStore &
  AuditStore &
  Pick<ChainStore, 'chainOf' | 'eraseAuditEntry'> &
  ConsoleSessionStore &
  CoreNetworkStore &
  PasskeyStore &
  PersonStore &
  BrandStore &
  EventStore &
  IdempotencyStore &
  InstallLinkStore &
  InventoryStore &
  MailStore &
  NumberReservationStore &
  Pick<OperationStore, 'operation' | 'operations' | 'reservations'> &
  OperatorStore &
  OutboxStore &
  OverviewStore &
  Pick<ProfileStore, 'imsiHolders' | 'profilesByUpstreamMatchingId'> &
  Pick<RefusedCallStore, 'refusedCalls' | 'refusedCallsOf'> &
  Pick<SessionStore, 'sessions'> &
  TemplateStore &
  UnreadableRowStore &
  UpstreamStore &
  WebhookStore;

/** Counts a call that was answered. */
export type CountCall = (status: number, milliseconds: number) => void;

/** What the operations of the REST API use. `S`: the records that this operation, or function, uses. */
export type Services<S = RestStore> = {
  readonly store: S;
  /** Creates the `Env` of a call: it reads the clock. Only what takes long, such as an import, calls it again. */
  readonly env: () => Env;
  readonly version: string;
  /** The public address of the install pages, without a path. */
  readonly installUrl: () => string;
  /** Whether webhooks may go into private networks, and by plain HTTP. */
  readonly allowPrivate: boolean;
  /** How upstreams are reached, and whether they may be in private networks. */
  readonly upstreamNetwork: Es2Network;
  /** How core networks are reached, and whether they may be in private networks. */
  readonly coreAccess: CoreAccess;
  /** Called when something was requested from an upstream; absent: the job looks by itself. */
  readonly operationAccepted?: () => void;
  /** How often an account may have a mail sent. Absent: the server sends no mail. */
  readonly mail?: { readonly requests: Buckets };
  /** Aborted when the server is to stop: answers without an end, such as event streams, end then. */
  readonly stopping: AbortSignal;
  readonly sessions: ConsoleSessions;
  /** The OpenID provider at which people can sign in; absent: there is none. */
  readonly openid?: OpenIdProvider;
  /** The built console, served under /console; absent: there is none. */
  readonly consoleFiles?: ConsoleFiles;
  /** How often keys and addresses may call; absent: no limit. */
  readonly limits?: RestLimits;
  /** Limits the answers that an ICCID or a MatchingID is not available; absent: no limit. */
  readonly availability?: Availability;
  /** Refuses calls when there are too many at the same time. Absent: all are served. */
  readonly load?: Load;
  /** The certificates that the server uses; absent: the status shows none. */
  readonly certificates?: () => readonly OwnCertificate[];
  /** Why the server cannot serve, a sentence each; absent: it can. */
  readonly readiness?: () => Promise<readonly string[]>;
  /** How many log lines stderr did not take; absent: none. */
  readonly droppedLogLines?: () => number;
  /** What counts the calls of an operation, with the HTTP status of each. */
  readonly countCalls?: (name: string) => CountCall;
  /** Absent: there are none. */
  readonly traces?: Traces;
  /** The phone of a lab; absent: the server has no operations under /lab. */
  readonly lab?: LabPhone;
  /** Called for each call with a key. */
  readonly used?: (keyId: string, now: number) => void;
  /** Of bugs, of which the caller sees the request id only, and at the level debug of all calls. */
  readonly log?: Pick<Log, 'debug' | 'error'>;
};

/** One request after authentication and validation. */
export type Call<P, Q, B> = {
  /** The account of the caller; empty for an open operation. */
  readonly account: string;
  /** The id of the caller's key, or of the person; empty likewise. */
  readonly keyId: string;
  /** What that key may do. */
  readonly permissions: readonly Permission[];
  /** The session of a browser, instead of the key. */
  readonly session?: CallerSession;
  readonly params: FromCaller<P>;
  readonly query: FromCaller<Q>;
  readonly body: FromCaller<B>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Created once for the call, so that it happens at one time. */
  readonly env: Env;
  /** The body of an operation that has `bodyTypes`, as it comes. */
  readonly stream?: Readable;
  /** Of such an operation: writes its audit entry. It calls this once, when it has ended well. */
  readonly audit?: WriteAudit;
};

/**
 * Who gets an answer, and at which SM-DP+: a Profile is shown to each caller as far as its key allows. A browser that has signed in never
 * gets activation codes with it: it reads one by `readActivationCode`, which is in the audit log.
 */
export type Viewer = Pick<Call<unknown, unknown, unknown>, 'env' | 'permissions'> & {
  readonly session: CallerSession | undefined;
};

export type Answer = {
  readonly description: string;
  readonly schema?: TSchema;
  /** Default: `application/json`. The shape is that of the JSON among them. */
  readonly contentTypes?: readonly string[];
  /**
   * Media types that only a parameter or Accept chooses. The document names them in the description, and not next to `contentTypes`: generators
   * would read a binary answer as JSON. A shape belongs to the JSON among them.
   */
  readonly chosenTypes?: readonly string[];
  /** What the documentation shows; default: an example of the shape. */
  readonly example?: unknown;
  /** Of an error: the word for programs that the documentation shows. */
  readonly code?: ProblemCode;
};

/** The parts of a request, and its caller. */
type Asked<P, Q, B> = Pick<Call<P, Q, B>, 'params' | 'query' | 'body' | 'session' | 'keyId'>;
type Named = Readonly<Record<string, unknown>>;

/** One operation: route, shapes, documentation and what it does. The server, OpenAPI and the tests loop over them. */
export type Operation = {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for path parameters. */
  readonly url: string;
  readonly summary: string;
  readonly open?: true;
  /** What the caller's key needs; an open operation needs no key. */
  readonly permissions: Needed;
  /** Whether it can say that an ICCID or a MatchingID is not available: such answers are limited for each account. */
  readonly choosesNumbers?: true;
  /** Whether it may wait for an upstream: callers limit that with the header Prefer. */
  readonly waits?: true;
  /** Whether it reads or creates many records, in turns: a few such calls are worked on at the same time. */
  readonly isLong?: true;
  /** Whether it reads only, although it takes a body, as a preview does: it is not in the audit log. */
  readonly changesNothing?: true;
  /** Bytes; default: 64 KiB. */
  readonly bodyLimit?: number;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** Media types of a body that is of any length and read as it comes. */
  readonly bodyTypes?: readonly string[];
  readonly answers: Readonly<Record<number, Answer>>;
  /** For the audit log: what a change concerns in addition to its path parameters, such as what it created. The answer is empty if it was refused. */
  readonly targets?: (asked: Asked<unknown, unknown, unknown>, answer: Named) => readonly unknown[];
  readonly respond: (
    services: Services,
    call: Call<unknown, unknown, unknown>,
    reply: FastifyReply,
  ) => unknown;
  /**
   * Answers a request with an Idempotency-Key whose work was done and whose answer was not kept, from what was saved; undefined: that cannot be
   * done any more. Absent: the answer shows something once.
   */
  readonly answerAgain?: (
    services: Services,
    call: Call<unknown, unknown, unknown>,
    reply: FastifyReply,
    done: WorkDone,
  ) => unknown;
  /** What callers should do when such an answer cannot be made again: a clause behind a colon. */
  readonly ifLost?: string;
};

type Shape = TSchema | undefined;
type Of<S extends Shape> = S extends TSchema ? Static<S> : undefined;

/** Ties the shapes of an operation to the types that its code sees. */
export function operation<
  M extends Operation['method'],
  P extends Shape = undefined,
  Q extends Shape = undefined,
  B extends Shape = undefined,
>(
  described: Omit<
    Operation,
    'method' | 'params' | 'query' | 'body' | 'respond' | 'targets' | 'answerAgain'
  > & {
    readonly method: M;
    readonly params?: P;
    readonly query?: Q;
    readonly body?: B;
    readonly targets?: (asked: Asked<Of<P>, Of<Q>, Partial<Of<B>>>, answer: Named) => readonly unknown[];
    readonly respond: (
      services: Services,
      call: Call<Of<P>, Of<Q>, Of<B>>,
      reply: M extends 'GET' ? FastifyReply : AnswerHead,
    ) => unknown;
    readonly answerAgain?: (
      services: Services,
      call: Call<Of<P>, Of<Q>, Of<B>>,
      reply: AnswerHead,
      done: WorkDone,
    ) => unknown;
  },
): Operation {
  for (const shape of [described.params, described.query, described.body]) mustBeClosed(shape);
  return described as unknown as Operation;
}

/** Throws for an object that takes members which it does not name, wherever it is in the shape of a request. */
export function mustBeClosed(shape: unknown): void {
  if (typeof shape !== 'object' || shape === null) return;
  const { type, additionalProperties, properties } = shape as Partial<TSchema>;
  if (type === 'object' && additionalProperties !== false)
    throw new Error(`a shape of a request is not closed: ${Object.keys(properties ?? {}).join(', ')}`);
  for (const part of Object.values(shape)) mustBeClosed(part);
}
