import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from '../../harness/gateway/fault-proxy.ts';
import type { Fault } from '../fault.ts';
import { compare } from '../gateway/compare.ts';
import { ask, type Book, orderOne } from '../gateway/orders.ts';
import { type GatewayWorld, openGatewayWorld, stock, vendors } from '../gateway/world.ts';

const ORDERS = { quick: 60, medium: 300, full: 2000 } as const;
/** Kills, and certificates that are changed. */
const DISTURBANCES = { quick: 4, medium: 12, full: 60 } as const;
/** However slow the machine is. */
const LEAST = 20;
/** Stock for orders whose answer gets lost. */
const MORE = 100;
const CUSTOMERS = 32;
/** A fifth of the calls to vendors fail. */
const ONE_IN = 5;

export const gatewayOrders: Fault = {
  name: 'orders at other SM-DP+ whose calls fail end exactly once, or are listed as unknown with the reason',
  engines: ['sqlite', 'postgres'],
  run: async (run) => {
    await using world = await openGatewayWorld(run);
    const count = ORDERS[run.size];
    for (const vendor of vendors) await stock(world, vendor, count + MORE);
    const book: Book = { ordered: new Map(), unanswered: 0 };
    let isCalm = false;
    const { chance, findings, stopping } = run;
    for (const proxy of Object.values(world.proxies))
      proxy.fault = () => {
        if (isCalm || chance.number(ONE_IN) > 0) return undefined;
        findings.injected();
        return chance.pick(faults);
      };
    const ended = new AbortController();
    const disturbing = disturb(world, ended.signal);
    let left: number = count;
    const serve = async () => {
      while (left > 0 && (!stopping.aborted || count - left < LEAST)) {
        left--;
        if (!(await orderOne(world, book))) left++;
      }
    };
    stopping.addEventListener('abort', () => {
      isCalm = true;
    });
    await Promise.all(Array.from({ length: CUSTOMERS }, serve));
    isCalm = true;
    ended.abort();
    await disturbing;
    await untilQuiet(world);
    await compare(world, book);
  },
};

const CERTIFICATE_MS = 500;
const LONGEST_PAUSE_MS = 2000;

/** Kills the gateway and the vendor in turn, and shows another certificate. */
async function disturb(world: GatewayWorld, ended: AbortSignal): Promise<void> {
  const { gateway, vendor, proxies, chance, findings, size, stopping } = world;
  const showOther = async () => {
    const proxy = chance.pick(Object.values(proxies));
    proxy.showOther(true);
    await sleep(CERTIFICATE_MS);
    proxy.showOther(false);
  };
  const disturbances = [gateway.restart, vendor.restart, showOther];
  for (let i = 0; i < DISTURBANCES[size] && !ended.aborted && !stopping.aborted; i++) {
    await sleep(chance.number(LONGEST_PAUSE_MS));
    findings.injected();
    await disturbances[i % disturbances.length]?.();
  }
}

/** Longer than the pause after a call that has failed seven times in a row, and shorter than what a kind may take. */
const LONGEST_QUIET_MS = 150_000;

/** Waits until the vendors get no more calls: an order without an answer may have one. */
async function untilQuiet({ gateway }: GatewayWorld): Promise<void> {
  const isQuiet = async () => {
    const { api } = gateway.server;
    const open = [
      ...(await Array.fromAsync(api.listOperations({ state: 'waiting' }))),
      ...(await Array.fromAsync(api.listOperations({ state: 'sent' }))),
      ...(await Array.fromAsync(api.listOperations({ state: 'unknown' }))),
    ];
    return open.every(({ state, next_attempt_at }) => state === 'unknown' && next_attempt_at === undefined);
  };
  const until = performance.now() + LONGEST_QUIET_MS;
  while (performance.now() < until && !(await ask(isQuiet))) await sleep(100);
}
