import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repeatUnanswered } from '../callers/es2.ts';
import { createAndOrder } from '../callers/rest.ts';
import type { Fault, FaultRun } from '../fault.ts';
import { actUntil, createTemplate, openWorld, restart, type Template, type World } from '../world.ts';
import { allCallers, checkAll, settle } from './kills.ts';

const ROUNDS = { quick: 2, medium: 8, full: 60 } as const;
const PER_WORLD = 10;
const DISK = '32m';
const ACTING_MS = 300;
const RECOVERY_MS = 20_000;

export const diskFull: Fault = {
  name: 'a full disk refuses changes, loses none, and the server continues when there is space again',
  engines: ['sqlite'],
  unavailable: () => {
    using disk = mountDisk();
    return disk === undefined ? 'it needs the right to mount a small tmpfs' : undefined;
  },
  run: async (run) => {
    await using template = await createTemplate(run);
    for (let left: number = ROUNDS[run.size]; left > 0; left -= PER_WORLD) {
      await fillInOneWorld(run, template, Math.min(left, PER_WORLD));
      if (run.stopping.aborted) return;
    }
  },
};

/** A file system of its own that is full soon; undefined: it cannot be mounted here. */
function mountDisk(): (Disposable & { readonly path: string }) | undefined {
  const path = mkdtempSync(join(tmpdir(), 'esim-faults-disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'esim-faults', path]);
  if (status === 0)
    return {
      path,
      [Symbol.dispose]: () => {
        spawnSync('umount', ['-l', path]);
        rmSync(path, { recursive: true, force: true });
      },
    };
  rmSync(path, { recursive: true });
  return undefined;
}

async function fillInOneWorld(run: FaultRun, template: Template, count: number): Promise<void> {
  using disk = mountDisk();
  if (disk === undefined) throw new Error('the disk cannot be mounted any more');
  await using world = await openWorld(run, template, { dataDir: join(disk.path, 'data') });
  for (let i = 0; i < count && (i === 0 || !run.stopping.aborted); i++) {
    await fillDuringCalls(world, join(disk.path, 'filler'));
    await checkAll(world);
  }
  await settle(world);
}

/** Takes all space away and gives it back; sometimes the server is killed while there is none. */
async function fillDuringCalls(world: World, filler: string): Promise<void> {
  const { chance, findings } = world;
  const stop = new AbortController();
  let isFull = false;
  const acting = actUntil(world, allCallers(world), stop.signal, () => isFull);
  await sleep(chance.number(ACTING_MS));
  isFull = true;
  fill(filler);
  findings.injected();
  await sleep(ACTING_MS);
  const isKilled = chance.number(3) === 0;
  stop.abort();
  if (isKilled) await world.server.kill();
  await acting;
  rmSync(filler);
  if (isKilled) await restart(world);
  await mustRecover(world);
  await repeatUnanswered(world);
}

const PIECES = [1_048_576, 4096, 1];

function fill(path: string): void {
  const file = openSync(path, 'w');
  for (const size of PIECES) {
    const piece = Buffer.alloc(size);
    try {
      for (;;) writeSync(file, piece);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  closeSync(file);
}

async function mustRecover(world: World): Promise<void> {
  const until = performance.now() + RECOVERY_MS;
  for (;;)
    try {
      await createAndOrder(world);
      return;
    } catch (error) {
      if (performance.now() < until) await sleep(100);
      else return world.findings.violation(`it does not recover from a full disk: ${String(error)}`);
    }
}
