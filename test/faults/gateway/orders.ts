import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApiError,
  type GetEUICCProfileResponse,
  type RequestOptions,
  type UpstreamOperation,
} from '@esim-rsp/sdk';
import { nextEid } from '../../harness/phone.ts';
import type { State } from '../ledger.ts';
import { type GatewayWorld, type Vendor, vendors } from './world.ts';

/** What a customer of the gateway knows of a profile. */
export type Ordered = {
  readonly iccid: string;
  readonly vendor: Vendor;
  /** After the last operation that has ended. */
  state: State;
  /** How often it was ordered. */
  orders: number;
  /** Calls of ES2+ that were needed. */
  calls: number;
  /** An operation that does not end by itself. */
  unknown?: UpstreamOperation;
};

/** What all customers know. */
export type Book = {
  readonly ordered: Map<string, Ordered>;
  /** Orders of a type without an answer: each may have taken a profile, or not. */
  unanswered: number;
};

type Step = {
  readonly name: string;
  readonly becomes: State;
  readonly orders: number;
  readonly calls: number;
  readonly send: (
    api: GatewayWorld['gateway']['server']['api'],
    iccid: string,
    options: RequestOptions,
  ) => Promise<{ readonly data: GetEUICCProfileResponse }>;
};

const cancel: Step = {
  name: 'cancel',
  becomes: 'AVAILABLE',
  orders: 0,
  calls: 1,
  send: (api, iccid, options) => api.cancelEUICCProfile(iccid, {}, options),
};
const release: Step = {
  name: 'release',
  becomes: 'RELEASED',
  orders: 0,
  calls: 1,
  send: (api, iccid, options) => api.releaseEUICCProfile(iccid, options),
};
const orderAgain: Step = {
  name: 'order',
  becomes: 'RELEASED',
  orders: 1,
  calls: 2,
  send: (api, iccid, options) =>
    api.orderEUICCProfile(iccid, { eid: nextEid(), matching_id: `M-${iccid}` }, options),
};
const replace: Step = {
  name: 'replace',
  becomes: 'RELEASED',
  orders: 1,
  calls: 3,
  send: (api, iccid, options) => api.replaceEUICCProfile(iccid, {}, options),
};

/** How the order of a profile of a type begins, and what follows. */
type Life = { readonly terms: object; readonly first: Omit<Step, 'send'>; readonly later: readonly Step[] };

const first = (becomes: State) => ({ name: 'order', becomes, orders: 1, calls: 2 }) as const;
const released: Life = { terms: {}, first: first('RELEASED'), later: [] };
/** Most orders are only orders. */
const lives: readonly Life[] = [
  released,
  released,
  released,
  { ...released, terms: { confirmation_code: '1234' } },
  { ...released, later: [cancel] },
  { ...released, later: [cancel, orderAgain] },
  { ...released, later: [replace] },
  { terms: { release: false }, first: first('CONFIRMED'), later: [release] },
];

/** Orders a profile of a type, and does what customers do after that; false: the order was not answered. */
export async function orderOne(world: GatewayWorld, book: Book): Promise<boolean> {
  const { gateway, chance, findings } = world;
  const vendor = chance.pick(vendors);
  const { terms, first, later } = chance.pick(lives);
  const request = { profile_type: vendor, ...terms };
  const answer = await gateway.server.api.orderEUICCProfileOfType(request, once).catch((error: unknown) => {
    if (mayBeDone(error)) return undefined;
    throw error;
  });
  if (answer === undefined) {
    book.unanswered++;
    await sleep(PAUSE_MS);
    return false;
  }
  const { iccid } = answer.data;
  if (book.ordered.has(iccid)) findings.violation(`two orders have the profile ${iccid}`);
  const ordered: Ordered = { iccid, vendor, state: 'AVAILABLE', orders: 0, calls: 0 };
  book.ordered.set(iccid, ordered);
  const [id] = await operationsOf(world, iccid);
  if (id === undefined) findings.lost(`the order of ${iccid} was answered, and there is no operation`);
  let goesOn = id !== undefined && (await follow(world, ordered, first, id));
  for (const step of later) {
    if (!goesOn || world.stopping.aborted) break;
    goesOn = await follow(world, ordered, step, await requestStep(world, ordered, step));
  }
  return true;
}

const once: RequestOptions = { retries: 0, timeout: 20_000, headers: { prefer: 'wait=0' } };
const PAUSE_MS = 250;

/** The server is gone, or says that it cannot work now: what was requested may have been saved. */
function mayBeDone(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status >= 500;
}

/** Repeats a call that changes nothing until the gateway answers. */
export async function ask<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++)
    try {
      return await call();
    } catch (error) {
      if (!mayBeDone(error) || tries === MOST_TRIES) throw error;
      await sleep(PAUSE_MS);
    }
}

const MOST_TRIES = 240;

/** Operations about a profile, the newest first. */
async function operationsOf({ gateway }: GatewayWorld, iccid: string): Promise<string[]> {
  const { data } = await ask(() => gateway.server.api.listOperations({ iccid }, once));
  return data.operations.map(({ id }) => id);
}

/** Requests a step until there is an operation for it; resolves to its id. */
async function requestStep(world: GatewayWorld, { iccid }: Ordered, step: Step): Promise<string> {
  const before = (await operationsOf(world, iccid)).length;
  for (;;) {
    const { gateway } = world;
    await step.send(gateway.server.api, iccid, once).catch(async (error: unknown) => {
      if (!mayBeDone(error)) throw error;
      await sleep(PAUSE_MS);
    });
    const [id = '', ...others] = await operationsOf(world, iccid);
    if (others.length === before) return id;
  }
}

/** Waits until an operation has ended, or only an admin can end it; resolves to whether it is done. */
async function follow(
  world: GatewayWorld,
  ordered: Ordered,
  { name, becomes, orders, calls }: Omit<Step, 'send'>,
  id: string,
): Promise<boolean> {
  const { findings, gateway } = world;
  const until = performance.now() + LONGEST_MS;
  for (;;) {
    const { data } = await ask(() => gateway.server.api.getOperation(id, once));
    const { state, error } = data;
    if (state === 'done') {
      Object.assign(ordered, {
        state: becomes,
        orders: ordered.orders + orders,
        calls: ordered.calls + calls,
      });
      return true;
    }
    if (state === 'unknown' && data.next_attempt_at === undefined) {
      ordered.unknown = data;
      Object.assign(ordered, { orders: ordered.orders + orders, calls: ordered.calls + calls });
      return false;
    }
    if (state === 'refused' || performance.now() > until) {
      const why = `${error?.subject_code}/${error?.reason_code} ${error?.message}`;
      findings.violation(`the ${name} of ${ordered.iccid} is ${state} by ${ordered.vendor}: ${why}`);
      ordered.unknown = data;
      return false;
    }
    await sleep(PAUSE_MS);
  }
}

/** A call that fails many times in a row is made again after 5 minutes. */
const LONGEST_MS = 900_000;
