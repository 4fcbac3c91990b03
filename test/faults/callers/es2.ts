import { setTimeout as sleep } from 'node:timers/promises';
import type { OperatorProgress } from '@esim-rsp/server/store/ports/operators';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { callEs2 } from '../../harness/es2-client.ts';
import { account } from '../../harness/server.ts';
import { type Entry, type State, stateOf } from '../ledger.ts';
import type { Action, World } from '../world.ts';

const client = makeClient({ random: systemRandom, now: Date.now(), generateKey: generateSigningKey }, 'shop');
/** The name of the operator. */
export const SHOP = 'shop';
const shop = { name: SHOP, cert: certificatePem(client.certificate), key: client.key.exportPem() };

/** Lets the operator in that these callers are, and reports the progress of downloads to it. */
export function admitShop(store: ServerStore, progressUrl: string): Promise<unknown> {
  return store.addOperator({
    name: SHOP,
    account: account.ESIM_BOOTSTRAP_USER_ID,
    identity: { certificateSha256: sha256(client.certificate.bytes) },
    requesterIdentifiers: [SHOP],
    createdAt: 1,
    progress: progressTo(progressUrl),
  });
}

/** From the first event on, in the style that also reports what devices do. */
export function progressTo(url: string): OperatorProgress {
  return { url, style: '5-8', from: 0, after: 0 };
}

class Es2Refusal extends Error {}

/** The server refused a call because it is busy. Whether the call has changed something, the caller does not know. */
export class Es2Busy extends Error {}

/** The server was busy or had no database, or it failed: whether something has changed, the caller does not know. */
const [BUSY, FAILED] = ['1.2/4.4', '1.2/4.2'];

let calls = 0;

type Reply = { readonly matchingId?: string; readonly smdpAddress?: string };

/** Makes a call with an identifier of its own. If the answer gets lost, the same call is repeated later, and must succeed. */
async function call(
  world: World,
  entry: Entry,
  becomes: State,
  [name, members]: readonly [string, object],
): Promise<void> {
  const id = `fault-${process.pid}-${++calls}`;
  const send = async () => {
    const reply = await callEs2(world.server, shop, name, { iccid: entry.iccid, ...members }, id);
    const uncertain = `ES2+ ${name} for ${entry.iccid} was not executed, or not answered: ${reply}`;
    if (reply === BUSY) throw new Es2Busy(uncertain);
    if (reply === FAILED) throw new Error(uncertain);
    if (typeof reply === 'string') throw new Es2Refusal(`ES2+ ${name} for ${entry.iccid}: ${reply}`);
    keepCode(entry, reply);
  };
  entry.unanswered = { becomes, repeat: send };
  const isRefused = (error: unknown) => error instanceof Es2Refusal;
  try {
    await world.ledger.change(entry, { becomes, call: send, isRefused });
    delete entry.unanswered;
  } catch (error) {
    if (isRefused(error)) delete entry.unanswered;
    throw error;
  }
}

function keepCode(entry: Entry, { matchingId, smdpAddress }: Reply): void {
  if (matchingId === undefined) return;
  entry.matchingId = matchingId;
  entry.activationCode = `LPA:1$${smdpAddress}$${matchingId}`;
}

/** Moves an order one step on, as an operator does. */
export const orderOverEs2: Action = async (world) => {
  const entry = world.ledger.take(isOrderable, world.chance.pick);
  if (entry === undefined) return false;
  try {
    await step(world, entry);
  } finally {
    world.ledger.release(entry);
  }
  return true;
};

function isOrderable(entry: Entry): boolean {
  const state = stateOf(entry) ?? '';
  const isFree = entry.phone === undefined && entry.unanswered === undefined;
  return isFree && ['AVAILABLE', 'ALLOCATED', 'CONFIRMED'].includes(state);
}

async function step(world: World, entry: Entry): Promise<void> {
  const { chance } = world;
  const state = stateOf(entry);
  if (state === 'AVAILABLE') return call(world, entry, 'ALLOCATED', ['downloadOrder', {}]);
  const { matchingId } = entry;
  if (chance.number(8) === 0 && (state === 'ALLOCATED' || matchingId !== undefined)) {
    const named = state === 'CONFIRMED' && { matchingId }; // it protects an order that another call has made since
    const members = { finalProfileStatusIndicator: 'Available', ...named };
    await call(world, entry, 'AVAILABLE', ['cancelOrder', members]);
    delete entry.activationCode;
    delete entry.matchingId;
    return;
  }
  if (state === 'CONFIRMED') return call(world, entry, 'RELEASED', ['releaseProfile', {}]);
  const releaseFlag = chance.number(2) === 0;
  await call(world, entry, releaseFlag ? 'RELEASED' : 'CONFIRMED', ['confirmOrder', { releaseFlag }]);
}

/** Repeats the calls whose answers got lost, as an operator must: they succeed, whether or not they were executed before. */
export async function repeatUnanswered(world: World): Promise<void> {
  for (const entry of world.ledger.entries.values()) {
    if (entry.unanswered === undefined) continue;
    const { becomes, repeat } = entry.unanswered;
    delete entry.unanswered;
    try {
      await untilAnswered(repeat);
      world.ledger.acknowledge(entry, becomes);
    } catch (error) {
      world.findings.violation(`a repeated call of ES2+ was not answered as before: ${String(error)}`);
    }
  }
}

const MOST_TRIES = 20;
const PAUSE_MS = 250;

/** A busy machine takes its time until the server has a database again. A refusal is an answer. */
async function untilAnswered(repeat: () => Promise<unknown>): Promise<unknown> {
  for (let tries = 1; ; tries++)
    try {
      return await repeat();
    } catch (error) {
      if (error instanceof Es2Refusal || tries === MOST_TRIES) throw error;
      await sleep(PAUSE_MS);
    }
}
