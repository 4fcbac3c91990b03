import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compileServer } from '../../harness/compiled-server.ts';
import type { Fault, FaultRun } from '../fault.ts';
import { checkView } from '../invariants.ts';
import { createLedger, type Entry, type Ledger } from '../ledger.ts';
import {
  createRecorder,
  type FileChange,
  type Files,
  filesAfterCut,
  lossKinds,
  missingForRecorder,
} from '../power/writes.ts';
import { viewOfStore } from '../view.ts';
import { type Action, actUntil, createTemplate, describe, openWorld, type Template } from '../world.ts';
import { allCallers } from './kills.ts';

const CUTS = { quick: 60, medium: 300, full: 2000 } as const;
/** After so many cuts the next ones are made in another recording. */
const CUTS_PER_RECORDING = 200;
/** However slow the machine is. */
const LEAST_CUTS = 10;
const ACTING_MS = 2000;

/** The write-ahead log is copied into the database often, so that power cuts meet that too. */
const oftenCopied = {
  file: 'packages/server/src/store/sqlite/connection/checkpoints.ts',
  from: 'const PAGES = 4000;',
  to: 'const PAGES = 60;',
};

export const powerCut: Fault = {
  name: 'a power cut takes what was not synced to the disk, and nothing that was answered',
  engines: ['sqlite'],
  unavailable: missingForRecorder,
  run: async (run) => {
    await using template = await createTemplate(run);
    using server = await compileServer(run.checkout, oftenCopied);
    for (let left: number = CUTS[run.size]; left > 0; left -= CUTS_PER_RECORDING) {
      const recording = await record({ ...run, root: server.root }, template);
      for (let i = 0; i < Math.min(left, CUTS_PER_RECORDING); i++) {
        if (run.stopping.aborted && i >= LEAST_CUTS) return;
        await cut(run, recording);
      }
    }
  },
};

/** What callers knew of a profile from this time on (nanoseconds of the monotonic clock). */
type Known = Pick<Entry, 'iccid' | 'may'> & { readonly at: bigint };

type Recording = {
  readonly before: Files;
  readonly changes: readonly FileChange[];
  readonly known: readonly Known[];
  /** When somebody has learned of an event: from a message to the webhook, or by reading the list of events. */
  readonly learned: readonly Learned[];
};

type Learned = { readonly at: bigint; readonly eventId: number };

/** Records a server at work, from its first start on a copy of the template to its end. */
async function record(run: FaultRun, template: Template): Promise<Recording> {
  using recorder = createRecorder();
  const known: Known[] = [];
  const ledger = createLedger((iccid, may) => known.push({ iccid, may, at: process.hrtime.bigint() }));
  const learned: Learned[] = [];
  const learn = (eventId: number) => void learned.push({ at: process.hrtime.bigint(), eventId });
  await using world = await openWorld(run, template, { settings: recorder.settings, ledger });
  world.receiver.answer = (response, { headers }) => {
    learn(Number(String(headers['webhook-id']).split('_').at(-1)));
    response.writeHead(204).end();
  };
  const stop = new AbortController();
  const acting = actUntil(world, [...allCallers(world), followEvents(learn)], stop.signal);
  await sleep(ACTING_MS);
  stop.abort();
  await Promise.all([world.server.kill(), acting]);
  return { before: databaseFilesIn(template.dir), changes: recorder.read(), known, learned };
}

/** Reads each event as soon as the server shows it. */
function followEvents(learn: (eventId: number) => void): Action {
  let cursor = '0';
  return async ({ server }) => {
    const { data } = await server.api.listEvents({ cursor }, { retries: 0 });
    cursor = data.next_cursor;
    const last = data.events.at(-1);
    if (last !== undefined) learn(last.id);
    return last !== undefined;
  };
}

function databaseFilesIn(folder: string): Files {
  const isDatabase = (name: string) => name.startsWith('esim.db') && !name.endsWith('-shm');
  const names = readdirSync(folder).filter((name) => isDatabase(name) || name === 'master.key');
  return new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
}

/** Cuts the power at a random moment, mostly just after an answer has arrived, and checks what a store finds then. */
async function cut(run: FaultRun, recording: Recording): Promise<void> {
  const { chance, findings } = run;
  const { before, changes, known, learned } = recording;
  const { at } = chance.pick<{ readonly at: bigint }>(chance.pick([changes, known, learned]));
  const done = changes.filter((change) => change.at <= at);
  const loss = chance.pick(lossKinds);
  const folder = mkdtempSync(join(tmpdir(), 'esim-faults-cut-'));
  try {
    for (const [name, content] of filesAfterCut(before, done, loss, chance))
      writeFileSync(join(folder, name), content);
    const ids = learned.filter((one) => one.at <= at).map(({ eventId }) => eventId);
    await checkFolder(run, folder, ledgerAt(known, at), Math.max(0, ...ids));
  } catch (error) {
    findings.violation(`the database cannot be used after a power cut that lost ${loss}: ${describe(error)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  findings.injected();
}

/** What callers knew at that time. */
function ledgerAt(known: readonly Known[], at: bigint): Ledger {
  const ledger = createLedger();
  for (const { iccid, may, at: since } of known) {
    if (since > at) break;
    (ledger.entries.get(iccid) ?? ledger.add(iccid)).may = may;
  }
  return ledger;
}

async function checkFolder(
  { engine, findings }: FaultRun,
  folder: string,
  ledger: Ledger,
  lastLearned: number,
): Promise<void> {
  const store = await engine.open(folder);
  const view = await viewOfStore(store, ledger.entries.keys(), 0);
  await store.close();
  const last = view.events.at(-1)?.id ?? 0;
  if (last < lastLearned)
    findings.lost(`somebody knows of the event ${lastLearned}, and it is gone: the last one is ${last}`);
  checkView(view, ledger, findings);
  for (const damage of await engine.damage(folder)) findings.violation(damage);
}
