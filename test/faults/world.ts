import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Card, LpaFailure } from '@esim-rsp/euicc';
import { issueCard } from '@esim-rsp/phone';
import { ApiError, type ProfileEvent } from '@esim-rsp/sdk';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { freeAddresses } from '../harness/free-port.ts';
import { nextEid } from '../harness/phone.ts';
import { type Receiver, startReceiver } from '../harness/receiver.ts';
import {
  type ServerProcess,
  type Settings,
  sameAddresses,
  spawnServer,
  startServer,
} from '../harness/server.ts';
import { admitShop, Es2Busy, SHOP } from './callers/es2.ts';
import { type Audience, operatorAudience, webhookAudience } from './deliveries.ts';
import type { FaultRun } from './fault.ts';
import { createLedger, type Ledger } from './ledger.ts';

/** A card in a phone that is switched off and on between downloads. */
export type Handset = { card: Card };

/** A node with its callers, and what they know. It lives through many faults. */
export type World = FaultRun & {
  readonly dataDir: string;
  /** Settings of every start. */
  readonly settings: Settings;
  readonly ledger: Ledger;
  readonly handsets: readonly Handset[];
  readonly receiver: Receiver;
  /** Where the operator receives ES2+.HandleDownloadProgressInfo. */
  readonly operatorReceiver: Receiver;
  /** The two that receive what happens. */
  readonly audiences: readonly Audience[];
  /** All events so far, as the API has shown them. */
  readonly history: ProfileEvent[];
  /** The Idempotency-Keys of orders that were not answered. */
  readonly ordersWithoutAnswer: Set<string>;
  /** The server of now. */
  server: ServerProcess;
};

/** Half of them are rivals of the others. */
const HANDSETS = 8;

/** The data folder of a first start, which others are copies of: creating certificates takes longer than copying them. */
export type Template = AsyncDisposable & {
  readonly dir: string;
  /** Of the operator in each copy; one copy at a time sends to it. */
  readonly operatorReceiver: Receiver;
};

export async function createTemplate({ engine, root }: Pick<FaultRun, 'engine' | 'root'>): Promise<Template> {
  const dir = mkdtempSync(join(tmpdir(), 'esim-faults-template-'));
  await engine.create(dir);
  const server = await startServer({ ...engine.settings(dir), ESIM_DATA_DIR: dir }, root);
  await server.close();
  const operatorReceiver = await startReceiver();
  const store = await engine.open(dir);
  await admitShop(store, operatorReceiver.url);
  await store.close();
  return {
    dir,
    operatorReceiver,
    [Symbol.asyncDispose]: async () => {
      await operatorReceiver[Symbol.asyncDispose]();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export type WorldOptions = {
  /** Where to put the data; a new folder if absent. */
  readonly dataDir?: string;
  readonly settings?: Settings;
  readonly ledger?: Ledger;
};

/** Starts a node on a copy of the template, with phones and a webhook that receives all events. */
export async function openWorld(
  run: FaultRun,
  template: Template,
  options: WorldOptions = {},
): Promise<World & AsyncDisposable> {
  const { dataDir = mkdtempSync(join(tmpdir(), 'esim-faults-')), ledger = createLedger() } = options;
  cpSync(template.dir, dataDir, { recursive: true });
  await run.engine.create(dataDir, template.dir);
  const own = { ...run.engine.settings(dataDir), ...options.settings, ESIM_DATA_DIR: dataDir };
  const settings = { ...commonSettings, ...own };
  const receiver = await startReceiver();
  const { operatorReceiver } = template;
  operatorReceiver.received.length = 0;
  const server = await startServer({ ...settings, ...(await freeAddresses()) }, run.root);
  const { data: webhook } = await server.api.createWebhook({ url: receiver.url, events: ['*'] });
  const world: World = {
    ...run,
    dataDir,
    settings: { ...settings, ...sameAddresses(server) },
    ledger,
    handsets: await createHandsets(server),
    receiver,
    operatorReceiver,
    audiences: [webhookAudience(webhook.id, receiver), operatorAudience(SHOP, operatorReceiver)],
    history: [],
    ordersWithoutAnswer: new Set(),
    server,
  };
  return Object.assign(world, {
    [Symbol.asyncDispose]: async () => {
      await world.server.kill().catch(() => undefined);
      await receiver[Symbol.asyncDispose]();
      rmSync(dataDir, { recursive: true, force: true });
    },
  });
}

const commonSettings: Settings = {
  ESIM_WEBHOOK_ALLOW_PRIVATE: '1',
  ESIM_DOWNLOAD_ATTEMPTS: '1000',
  ESIM_MAX_CONNECTIONS_PER_ADDRESS: '10000',
};

async function createHandsets({ pkiDir, smdpAddress }: ServerProcess): Promise<Handset[]> {
  const pki = await readPkiDirectory(pkiDir);
  if (pki === undefined) throw new Error('the server has no PKI');
  return Array.from({ length: HANDSETS }, () => ({
    card: issueCard({ pki, suggestedEid: nextEid(), defaultDpAddress: smdpAddress }),
  }));
}

/** Starts the node again after it has ended. */
export async function restart(world: World): Promise<void> {
  world.server = await startServer(world.settings, world.root);
}

/** Starts the node, and kills it so many milliseconds later, while it starts. */
export async function killDuringStart({ dataDir, settings, root }: World, after: number): Promise<void> {
  const child = spawnServer({ ...settings, ESIM_DATA_DIR: dataDir }, root);
  const exit = new Promise((resolve) => child.once('exit', resolve));
  await sleep(after);
  child.kill('SIGKILL');
  await exit;
}

/** The answer says that nothing was changed. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.status < 500;
}

/** One action of one caller; resolves to false if there was nothing for it to do. */
export type Action = (world: World) => Promise<boolean>;

const IDLE_MS = 5;
/** Callers repeat what the server refuses because it is busy. One that refuses for longer is not only busy. */
const LONGEST_BUSY_MS = 10_000;

/**
 * Lets all callers act until the signal is aborted and their last calls have ended. A call that fails before is a violation, because nothing is wrong yet. A machine with much
 * else to do may keep a call waiting for longer than the server lets it wait: the server refuses it as busy, and the caller acts again.
 * `isExpected`: which failures belong to the fault.
 */
export async function actUntil(
  world: World,
  callers: readonly Action[],
  stop: AbortSignal,
  isExpected: (error: unknown) => boolean = () => false,
): Promise<void> {
  const loop = async (act: Action) => {
    let busySince: number | undefined;
    while (!stop.aborted || busySince !== undefined)
      try {
        if (!(await act(world))) await sleep(IDLE_MS);
        busySince = undefined;
      } catch (error) {
        if (isExpected(error)) busySince = undefined;
        else if (isBusy(error) && hasPatience(busySince)) busySince ??= performance.now();
        else if (stop.aborted) return;
        else world.findings.violation(`a call failed without a fault: ${describe(error)}`);
        await sleep(IDLE_MS);
      }
  };
  await Promise.all(callers.map(loop));
}

function hasPatience(busySince = performance.now()): boolean {
  return performance.now() - busySince < LONGEST_BUSY_MS;
}

/** The server has refused a call because it is busy, or has no connection to its database. ES2+ and ES9+ have the same codes. */
function isBusy(error: unknown): boolean {
  if (error instanceof LpaFailure)
    return error.status?.subjectCode === '1.2' && error.status.reasonCode === '4.4';
  return error instanceof Es2Busy || (error instanceof ApiError && error.status === 503);
}

export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${describe(error.cause)})` : error.message;
}
