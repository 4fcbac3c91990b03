import { setTimeout as sleep } from 'node:timers/promises';
import { LpaFailure } from '@esim-rsp/euicc';
import { withMovableClock } from '../../harness/server.ts';
import { repeatUnanswered } from '../callers/es2.ts';
import type { Fault, FaultRun } from '../fault.ts';
import { actUntil, createTemplate, openWorld, type Template, type World } from '../world.ts';
import { allCallers, checkAll, settle } from './kills.ts';

const STEPS = { quick: 6, medium: 30, full: 200 } as const;
const PER_WORLD = 20;
/** However slow the machine is. */
const LEAST = 4;
const ACTING_MS = 300;
const HOUR = 3_600_000;

/** The clock of the server is between these limits of the real one: outside them the certificates of the phones are not valid. */
const [LOWEST, HIGHEST] = [-20 * HOUR, 30 * HOUR];

/** The webhook is created at the latest time of all: what happens later has an earlier time, and is delivered too. */
const startsLate = { ...withMovableClock(), TEST_CLOCK_DAYS: String(HIGHEST / (24 * HOUR)) };

export const clockSteps: Fault = {
  name: 'when the clock of the server is set, forward or back, nothing is lost and every event is delivered',
  engines: ['sqlite', 'postgres'],
  run: async (run) => {
    await using template = await createTemplate(run);
    for (let left: number = STEPS[run.size]; left > 0; left -= PER_WORLD) {
      await stepInOneWorld(run, template, Math.min(left, PER_WORLD));
      if (run.stopping.aborted) return;
    }
  },
};

async function stepInOneWorld(run: FaultRun, template: Template, count: number): Promise<void> {
  await using world = await openWorld(run, template, { settings: startsLate });
  let answers = 0;
  const receivers = [world.receiver, world.operatorReceiver];
  for (const receiver of receivers)
    receiver.answer = (response) => void response.writeHead(answers++ % 4 === 0 ? 503 : 204).end();
  for (let i = 0; i < count && (i < LEAST || !run.stopping.aborted); i++) {
    await step(world, i === count - 1);
    await checkAll(world);
  }
  for (const receiver of receivers) receiver.answer = (response) => void response.writeHead(204).end();
  await settle(world);
}

/** Sets the clock in the middle of calls. Downloads that began before it may have expired; nothing else fails. The last step goes back. */
async function step(world: World, isLast: boolean): Promise<void> {
  const { chance, server, findings } = world;
  const stop = new AbortController();
  const isExpected = (error: unknown) => error instanceof LpaFailure && error.status !== undefined;
  const acting = actUntil(world, allCallers(world), stop.signal, isExpected);
  await sleep(ACTING_MS);
  const ahead = LOWEST + chance.number(HIGHEST - LOWEST);
  server.moveClock(isLast ? LOWEST : ahead);
  findings.injected();
  await sleep(ACTING_MS);
  stop.abort();
  await acting;
  await repeatUnanswered(world);
}
