import { setTimeout as sleep } from 'node:timers/promises';
import { createOrderedType, orderWithKey, repeatOrders } from '../callers/customers.ts';
import { orderOverEs2, repeatUnanswered } from '../callers/es2.ts';
import { phoneCallers, profilesOnCards, settlePhones } from '../callers/phones.ts';
import { createAndOrder, importSome, operate } from '../callers/rest.ts';
import { checkDeliveries } from '../deliveries.ts';
import type { Fault, FaultRun } from '../fault.ts';
import { checkCards, checkView } from '../invariants.ts';
import { viewOfServer } from '../view.ts';
import {
  type Action,
  actUntil,
  createTemplate,
  killDuringStart,
  openWorld,
  restart,
  type Template,
  type World,
} from '../world.ts';

const KILLS = {
  sqlite: { quick: 12, medium: 60, full: 500 },
  postgres: { quick: 12, medium: 20, full: 200 },
} as const;
/** Kills in one data folder: more profiles than this fills make each check slower. */
const PER_WORLD = 20;
/** However slow the machine is. */
const LEAST = 2;

export const kills: Fault = {
  name: 'a server that is killed at any moment loses nothing that it has answered',
  engines: ['sqlite', 'postgres'],
  run: async (run) => {
    await using template = await createTemplate(run);
    for (let left: number = KILLS[run.engine.name][run.size]; left > 0; left -= PER_WORLD) {
      await killInOneWorld(run, template, Math.min(left, PER_WORLD));
      if (run.stopping.aborted) return;
    }
  },
};

async function killInOneWorld(run: FaultRun, template: Template, count: number): Promise<void> {
  await using world = await openWorld(run, template);
  await createOrderedType(world);
  for (let i = 0; i < count && (i < LEAST || !run.stopping.aborted); i++) {
    await killDuringCalls(world);
    await checkAll(world);
  }
  await settle(world);
}

/** All callers that change something. */
export function allCallers(world: World): readonly Action[] {
  return [
    createAndOrder,
    createAndOrder,
    operate,
    operate,
    orderOverEs2,
    orderOverEs2,
    importSome,
    ...phoneCallers(world),
  ];
}

const LONGEST_MS = 300;
const LONGEST_START_MS = 500;

async function killDuringCalls(world: World): Promise<void> {
  const { chance, findings } = world;
  const stop = new AbortController();
  const acting = actUntil(world, [...allCallers(world), orderWithKey, orderWithKey], stop.signal);
  await randomMoment(world);
  stop.abort();
  await Promise.all([world.server.kill(), acting]);
  findings.injected();
  if (chance.number(8) === 0) {
    await killDuringStart(world, chance.number(LONGEST_START_MS));
    findings.injected();
  }
  await restart(world);
  await repeatUnanswered(world);
  await repeatOrders(world);
}

/** Some time after the start, or as soon as a caller has an answer: then what the answer promised must be on the disk. */
export async function randomMoment({ chance, ledger }: World): Promise<void> {
  await sleep(chance.number(LONGEST_MS));
  if (chance.number(2) === 0) return;
  const before = ledger.acknowledged();
  const until = performance.now() + LONGEST_MS;
  while (ledger.acknowledged() === before && performance.now() < until)
    await new Promise((resolve) => setImmediate(resolve));
}

/** What must hold after each fault. */
export async function checkAll(world: World): Promise<void> {
  const { history, ledger, findings, engine, dataDir } = world;
  const view = await viewOfServer(world, history.at(-1)?.id ?? 0);
  history.push(...(view.events as typeof history));
  checkView(view, ledger, findings);
  checkCards(await profilesOnCards(world), ledger, findings);
  for (const damage of await engine.damage(dataDir)) findings.violation(damage);
}

/** What must hold in the end: the phones have reported everything, and the webhook and the operator have every event. */
export async function settle(world: World): Promise<void> {
  await settlePhones(world);
  await checkAll(world);
  for (const audience of world.audiences) await checkDeliveries(world, audience);
}
