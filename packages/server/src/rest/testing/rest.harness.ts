import assert from 'node:assert/strict';
import type { LookupFunction } from 'node:net';
import type { Problem } from '@esim-rsp/sdk';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Env } from '@esim-rsp/smdp/env';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { addAccountWithKey, addApiKey } from '../../accounts/accounts.ts';
import { createInstallPages } from '../../install/install-pages.ts';
import { collectLinkViews, type LinkViews } from '../../install/views.ts';
import { createBuckets } from '../../limits/buckets.ts';
import { noNetworks } from '../../limits/networks.ts';
import { createSignInAttempts } from '../../limits/sign-in/sign-in-attempts.ts';
import { scopes } from '../../store/ports/permissions.ts';
import type { ServerStore } from '../../store/ports/server-store.ts';
import { openEmptyStore } from '../../store/postgres/testing/empty-store.harness.ts';
import { restApp } from '../app.ts';
import type { Services } from '../frame/operation.ts';
import { consoleSessions, type SessionSettings } from '../frame/session/console-sessions.ts';

/** The start of the tests' clock, in Unix seconds. */
export const START = 1_800_000_000;
export const LIST = '/api/v1/esim/euicc-profiles';
export const SMDP_ADDRESS = 'rsp.example.com';
export const INSTALL_URL = 'https://esim.example.com';
export const OID = '1.3.6.1.4.1.99999.1';
export const KEYS = { anna: 'key-of-anna', bert: 'key-of-bert' } as const;
/** Keys of anna's: one with the scope read, and one that may do nothing. */
export const READ_KEY = 'reading-key-of-anna';
export const IDLE_KEY = 'idle-key-of-anna';
export type User = keyof typeof KEYS;

export type Call = Omit<InjectOptions, 'url'> & {
  /** Whose two headers are sent; `anna` unless given, null: none. */
  readonly by?: User | null;
};

/** The REST API over an empty store, with two accounts and a clock that the test moves. */
export type RestTest = AsyncDisposable & {
  readonly app: FastifyInstance;
  readonly store: ServerStore;
  readonly env: () => Env;
  /** Of install links. */
  readonly views: LinkViews;
  /** How often the server has created an `Env`. */
  envCount: number;
  /** Bugs that the server logged. */
  readonly bugs: string[];
  /** Why the server cannot serve. */
  unready: readonly string[];
  /** Unix seconds. */
  now: number;
  call(url: string, call?: Call): Promise<LightMyRequestResponse>;
  post(url: string, body: unknown, call?: Call): Promise<LightMyRequestResponse>;
};

export async function restTest(given?: ServerStore, also: Also = {}): Promise<RestTest> {
  const store = given ?? (await openEmptyStore());
  const random = systemRandom;
  for (const [userId, apiKey] of Object.entries(KEYS))
    await addAccountWithKey(store, { userId, apiKey, name: userId, random, now: START * 1000 });
  const more = { userId: 'anna', random, now: START * 1000 } as const;
  await addApiKey(store, { ...more, apiKey: READ_KEY, permissions: scopes.read });
  await addApiKey(store, { ...more, apiKey: IDLE_KEY, permissions: [] });
  const bugs: string[] = [];
  const env = () => envAt(test.now);
  const countedEnv = () => {
    test.envCount++;
    return env();
  };
  const log = {
    debug: () => undefined,
    error: (_message: string, details?: { readonly err?: unknown }) =>
      void bugs.push(String((details?.err as Error | undefined)?.stack)),
  };
  const stopping = new AbortController().signal;
  const views = collectLinkViews(store);
  const pages = createInstallPages({
    store,
    env,
    views,
    perAddress: 0,
    proxies: noNetworks,
    isSecure: () => true,
    log,
  });
  const app = restApp({
    pages,
    store,
    env: countedEnv,
    version: '9.9.9',
    installUrl: () => INSTALL_URL,
    allowPrivate: false,
    upstreamNetwork: { allowPrivate: false, lookUp: noHost },
    coreAccess: { allowPrivate: true, lookUp: noHost, files: '/not-written' },
    log,
    stopping,
    sessions: consoleSessions(store, {
      idleSeconds: 12 * 3600,
      longestSeconds: 7 * 86_400,
      attempts: createSignInAttempts(10, store),
      isBehindTls: false,
      isDemo: false,
      now: () => test.now * 1000,
      ...also,
    }),
    ...(also.consoleFiles && { consoleFiles: also.consoleFiles }),
    readiness: async () => test.unready,
    droppedLogLines: () => 7,
    ...(also.sendsMail !== false && { mail: { requests: createBuckets(60) } }),
  });
  const call = (url: string, { by = 'anna', headers, ...rest }: Call = {}) =>
    app.inject({
      url,
      method: 'GET',
      headers: { ...(by && { 'x-user-id': by, 'x-api-key': KEYS[by] }), ...headers },
      ...rest,
    });
  const test: RestTest = {
    app,
    store,
    env,
    views,
    envCount: 0,
    bugs,
    unready: [],
    now: START,
    call,
    post: (url, body, more = {}) => call(url, { method: 'POST', payload: body as object, ...more }),
    [Symbol.asyncDispose]: () => app.close(),
  };
  return test;
}

/** What only some tests have. */
type Also = Partial<SessionSettings> &
  Pick<Services, 'consoleFiles'> & {
    /** The server has no mail server. */
    readonly sendsMail?: false;
  };

/** What the operator's operations look at: no key signs here. */
function envAt(seconds: number): Env {
  return {
    now: seconds * 1000 + 987,
    random: systemRandom,
    smdpAddress: SMDP_ADDRESS,
    certificates: [{ oid: OID }],
    limits: { sessionSeconds: 300, resultSeconds: 600, downloadAttempts: 10, confirmationCodeAttempts: 5 },
  } as unknown as Env;
}

/** No host name exists. */
const noHost: LookupFunction = (_host, _options, done) =>
  done(Object.assign(new Error('there is no such host'), { code: 'ENOTFOUND' }), []);

let counter = 0;

/** Parameters of a subscription that no other call gives. */
export function subscription() {
  const number = String(++counter);
  return {
    iccid: `8988303${number.padStart(12, '0')}`,
    imsi: `00101${number.padStart(10, '0')}`,
    ki: '00112233445566778899aabbccddeeff',
    opc: 'ffeeddccbbaa99887766554433221100',
  };
}

/** Stocks a profile over the API; resolves to its ICCID. */
export async function stocked(test: RestTest, by: User = 'anna'): Promise<string> {
  const answer = await test.post(LIST, { parameters: subscription() }, { by });
  assert.equal(answer.statusCode, 201, answer.body);
  return answer.json().iccid;
}

/** Stocks and orders a profile over the API; resolves to the answer to the order. */
export async function ordered(test: RestTest, order: object = {}, by: User = 'anna') {
  const answer = await test.post(`${LIST}/${await stocked(test, by)}/order`, order, { by });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json();
}

/** The stored profile after a change that no operation of the API makes. */
export async function changed<P extends Profile>(
  { store }: RestTest,
  iccid: string,
  change: (profile: P) => Profile,
): Promise<Profile> {
  const profile = await store.profile(iccid as Profile['iccid']);
  assert.ok(profile);
  const next = change(profile as P);
  assert.equal(await store.save([{ profile: next }]), 'saved');
  return next;
}

const problemMembers = [
  'code',
  'detail',
  'instance',
  'message',
  'request_id',
  'status',
  'statusCode',
  'title',
  'type',
];

/** Asserts that an answer is a problem with all its members, and gives it. */
export function problemIn(answer: LightMyRequestResponse, status: number, code?: string): Problem {
  assert.equal(answer.statusCode, status, answer.body);
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json(;|$)/);
  const problem: Problem = answer.json();
  const { errors, ...members } = problem;
  assert.deepEqual(Object.keys(members).toSorted(), problemMembers);
  assert.equal(problem.status, status);
  assert.equal(problem.statusCode, status);
  assert.equal(problem.message, problem.detail);
  assert.equal(problem.request_id, answer.headers['x-request-id']);
  for (const name of ['type', 'title', 'instance', 'message', 'code', 'request_id'] as const)
    assert.ok(typeof problem[name] === 'string' && problem[name] !== '', name);
  if (code !== undefined) assert.equal(problem.code, code);
  for (const { field, message } of errors ?? []) assert.ok(field !== '' && message !== '');
  return problem;
}
