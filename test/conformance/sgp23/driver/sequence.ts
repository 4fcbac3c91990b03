import assert from 'node:assert/strict';
import { applyChange, type Fault, none } from '@esim-rsp/euicc/fault';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Es2Name } from '@esim-rsp/sgp22/functions/es2plus';
import type { Es9Name } from '@esim-rsp/sgp22/functions/es9plus';
import type { Es2Target } from './es2.ts';
import { drawEid, type Euicc, type Issuers, newEuicc } from './euicc.ts';
import type { Fixtures, Order, OrderKind } from './fixtures.ts';
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

/** What a sequence runs against, in one of the two variants (NIST, BRP). */
export type Bench = {
  readonly server: Es9Server;
  /** The same server by another binding of ES9+. */
  readonly by: (binding: Binding) => Es9Server;
  /** Where TLS shows a certificate of the variant. */
  readonly tlsUrl: string;
  readonly issuers: Issuers;
  readonly fixtures: Fixtures;
  /** Absent: ES2+ cannot be called there. */
  readonly es2?: Es2Target;
};

/** Resolves when the server conforms, rejects otherwise; Skipped when that cannot be told here. */
export type Sequence = (bench: Bench) => Promise<void>;
export type Section = Readonly<Record<string, Sequence>>;

/** A device with a new eUICC for an order, which the fault may change. */
export function deviceFor({ server, issuers }: Bench, { eid }: Order, fault: Fault = none): Lpa {
  return { server, euicc: faulty(newEuicc(issuers, eid), issuers, fault), fault };
}

function faulty(own: Euicc, issuers: Issuers, { identity, euiccInfo }: Fault): Euicc {
  const info = applyChange(euiccInfo, own.info, systemRandom);
  if (identity === undefined) return { ...own, info };
  const { eid, euicc, eumCertificate } = identity({ ...own, euicc: own.identity }, issuers);
  return { ...own, info, eid, identity: euicc, eumCertificate };
}

export async function upToAuthentication(lpa: Lpa, order: Order): Promise<Authenticated> {
  return authenticate(lpa, await initiate(lpa), order);
}

export async function upToPackage(lpa: Lpa, order: Order, oneTimeKey?: Bound['oneTimeKey']): Promise<Bound> {
  return getPackage(lpa, await upToAuthentication(lpa, order), order, oneTimeKey);
}

/** Holds that the server refuses a step with this pair; any pair if there is none. */
export async function mustRefuse(step: Es2Name | Es9Name, pair: string | undefined, call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error !== undefined && !(error instanceof Refused)) throw error;
  const got = error === undefined ? 'a success' : `${error.step} ${error.pair}`;
  const isWanted = error?.step === step && (pair === undefined || error.pair === pair);
  assert.ok(isWanted, `${step} ${pair ?? 'with any codes'} was expected, ${got} came`);
}

/** Holds that the Profile is in this state, where somebody can be asked. */
export async function mustBe(state: string, { fixtures }: Bench, order: Order): Promise<void> {
  const found = await fixtures.stateOf(order);
  if (found !== undefined) assert.equal(found, state, `the profile is ${found}, not ${state}`);
}

const steps = {
  initiateAuthentication: (lpa: Lpa): Promise<Initiated> => initiate(lpa),
  authenticateClient: upToAuthentication,
  getBoundProfilePackage: (lpa: Lpa, order: Order) => upToPackage(lpa, order),
};
type Step = keyof typeof steps;

/** The flow up to a step, with one fault, is refused there. */
export function refused(
  step: Step,
  pair: string | undefined,
  fault: Fault,
  kind: OrderKind = 'open',
): Sequence {
  return async (bench) => {
    const order = await bench.fixtures.order(kind, bench.issuers);
    await mustRefuse(step, pair, steps[step](deviceFor(bench, order, fault), order));
  };
}

/** InitiateAuthentication, which needs no order. */
export function initiated(fault: Fault, pair?: string): Sequence {
  return async (bench) => {
    const lpa = deviceFor(bench, { eid: drawEid(bench.issuers), matchingId: '' }, fault);
    if (pair === undefined) await initiate(lpa);
    else await mustRefuse('initiateAuthentication', pair, initiate(lpa));
  };
}

/** AuthenticateClient succeeds for an order of this kind, with one difference. */
export function authenticated(kind: OrderKind, fault: Fault = none): Sequence {
  return async (bench) => {
    const order = await bench.fixtures.order(kind, bench.issuers);
    await upToAuthentication(deviceFor(bench, order, fault), order);
  };
}

/** The Bound Profile Package of an order of this kind opens, and is as `check` wants it. */
export function bound(kind: OrderKind, check: (bound: Bound) => void = () => undefined): Sequence {
  return async (bench) => {
    const order = await bench.fixtures.order(kind, bench.issuers);
    check(await upToPackage(deviceFor(bench, order), order));
    await mustBe('DOWNLOADED', bench, order);
  };
}

/** The profile was protected beforehand, and A2 brought its keys. */
export function protectedBeforehand({ opened }: Bound): void {
  const { ppk } = opened;
  assert.ok(ppk !== undefined, 'ReplaceSessionKeys (A2) is missing');
  for (const value of Object.values(ppk)) assert.equal(value.length, 16, 'keys and chain have 16 octets');
  assert.ok(opened.profile.elements.length > 2);
}

/** A session is cancelled after one of the two steps, for a reason; the Profile is then in that state. */
export function cancelled(
  after: 'authenticateClient' | 'getBoundProfilePackage',
  reason: number,
  { fault = none, pair, state }: { fault?: Fault; pair?: string; state?: string } = {},
): Sequence {
  return async (bench) => {
    const order = await bench.fixtures.order('open', bench.issuers);
    const lpa = deviceFor(bench, order, fault);
    const session = await steps[after](lpa, order);
    if (pair !== undefined) return mustRefuse('cancelSession', pair, cancel(lpa, session, reason));
    await cancel(lpa, session, reason);
    if (state !== undefined) await mustBe(state, bench, order);
    if (state === 'RELEASED') await upToPackage(lpa, order);
  };
}
