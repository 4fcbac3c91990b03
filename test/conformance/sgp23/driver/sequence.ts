import assert from 'node:assert/strict';
import { applyChange, type Fault, none } from '@esim-rsp/euicc/fault';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Es2Name } from '@esim-rsp/sgp22/functions/es2plus';
import type { Es9Name } from '@esim-rsp/sgp22/functions/es9plus';
import type { Es2Target } from './es2.ts';
import { type Euicc, generateEid, type Issuers, newEuicc } from './euicc.ts';
import type { Fixtures, Order, OrderKind } from './fixtures.ts';
import type { GatewayTarget } from './gateway.ts';
import { type Binding, type Es9Server, Refused } from './server.ts';
import {
  type Authenticated,
  authenticate,
  type Bound,
  cancel,
  getPackage,
  type Initiated,
  initiate,
  type Lpa,
} from './session.ts';

/** The server under test and the test data, in one variant (NIST, BRP). */
export type Bench = {
  readonly server: Es9Server;
  /** The same server with another binding of ES9+. */
  readonly by: (binding: Binding) => Es9Server;
  /** URL of a listener with a TLS certificate of the variant. */
  readonly tlsUrl: string;
  readonly issuers: Issuers;
  readonly fixtures: Fixtures;
  /** Absent: the server has no ES2+ for the run. */
  readonly es2?: Es2Target;
  /** Absent: the server does not order at upstreams for the run. */
  readonly gateway?: GatewayTarget;
};

/** Resolves if the server conforms, rejects if not. Rejects with Skipped if the sequence cannot run here. */
export type Sequence = (bench: Bench) => Promise<void>;
export type Section = Readonly<Record<string, Sequence>>;

/** Creates a device with a new eUICC for an order, with a fault if there is one. */
export function createDevice({ server, issuers }: Bench, { eid }: Order, fault: Fault = none): Lpa {
  return { server, euicc: applyFault(newEuicc(issuers, eid), issuers, fault), fault };
}

function applyFault(own: Euicc, issuers: Issuers, { identity, euiccInfo }: Fault): Euicc {
  const info = applyChange(euiccInfo, own.info, systemRandom);
  if (identity === undefined) return { ...own, info };
  const { eid, euicc, eumCertificate } = identity({ ...own, euicc: own.identity }, issuers);
  return { ...own, info, eid, identity: euicc, eumCertificate };
}

export async function runToAuthentication(lpa: Lpa, order: Order): Promise<Authenticated> {
  return authenticate(lpa, await initiate(lpa), order);
}

export async function runToPackage(lpa: Lpa, order: Order, oneTimeKey?: Bound['oneTimeKey']): Promise<Bound> {
  return getPackage(lpa, await runToAuthentication(lpa, order), order, oneTimeKey);
}

/** Asserts that the server refuses a step with this pair of subject and reason code, or with any if absent. */
export async function mustRefuse(step: Es2Name | Es9Name, pair: string | undefined, call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error !== undefined && !(error instanceof Refused)) throw error;
  const got = error === undefined ? 'a success' : `${error.step} ${error.pair}`;
  const isWanted = error?.step === step && (pair === undefined || error.pair === pair);
  assert.ok(isWanted, `${step}: expected ${pair ?? 'a refusal with any codes'}, got ${got}`);
}

/** Asserts the state of the Profile, if the server can be asked. */
export async function mustBe(state: string, { fixtures }: Bench, order: Order): Promise<void> {
  const found = await fixtures.stateOf(order);
  if (found !== undefined) assert.equal(found, state, `the Profile is ${found}, expected ${state}`);
}

const steps = {
  initiateAuthentication: (lpa: Lpa): Promise<Initiated> => initiate(lpa),
  authenticateClient: runToAuthentication,
  getBoundProfilePackage: (lpa: Lpa, order: Order) => runToPackage(lpa, order),
};
type Step = keyof typeof steps;

/** Asserts that the flow with one fault is refused at a step. */
export function expectRefusal(
  step: Step,
  pair: string | undefined,
  fault: Fault,
  kind: OrderKind = 'open',
): Sequence {
  return async (bench) => {
    const order = await bench.fixtures.order(kind, bench.issuers);
    await mustRefuse(step, pair, steps[step](createDevice(bench, order, fault), order));
  };
}

/** InitiateAuthentication, which needs no order. */
export function expectInitiation(fault: Fault, pair?: string): Sequence {
  return async (bench) => {
    const lpa = createDevice(bench, { eid: generateEid(bench.issuers), matchingId: '' }, fault);
    if (pair === undefined) await initiate(lpa);
    else await mustRefuse('initiateAuthentication', pair, initiate(lpa));
  };
}

/** Asserts that AuthenticateClient succeeds for this kind of order, with one difference. */
export function expectAuthentication(kind: OrderKind, fault: Fault = none): Sequence {
  return async (bench) => {
    const order = await bench.fixtures.order(kind, bench.issuers);
    await runToAuthentication(createDevice(bench, order, fault), order);
  };
}

/** Asserts that the Bound Profile Package for this kind of order opens and passes `check`. */
export function expectPackage(kind: OrderKind, check: (bound: Bound) => void = () => undefined): Sequence {
  return async (bench) => {
    const order = await bench.fixtures.order(kind, bench.issuers);
    check(await runToPackage(createDevice(bench, order), order));
    await mustBe('DOWNLOADED', bench, order);
  };
}

/** Asserts that the profile was protected in advance, and that A2 contains its keys. */
export function checkPpk({ opened }: Bound): void {
  const { ppk } = opened;
  assert.ok(ppk !== undefined, 'ReplaceSessionKeys (A2) is missing');
  for (const value of Object.values(ppk)) assert.equal(value.length, 16, 'keys and chain have 16 octets');
  assert.ok(opened.profile.elements.length > 2);
}

/** Cancels a session after one of the two steps, and asserts the state of the Profile. */
export function expectCancellation(
  after: 'authenticateClient' | 'getBoundProfilePackage',
  reason: number,
  { fault = none, pair, state }: { fault?: Fault; pair?: string; state?: string } = {},
): Sequence {
  return async (bench) => {
    const order = await bench.fixtures.order('open', bench.issuers);
    const lpa = createDevice(bench, order, fault);
    const session = await steps[after](lpa, order);
    if (pair !== undefined) return mustRefuse('cancelSession', pair, cancel(lpa, session, reason));
    await cancel(lpa, session, reason);
    if (state !== undefined) await mustBe(state, bench, order);
    if (state === 'RELEASED') await runToPackage(lpa, order);
  };
}
