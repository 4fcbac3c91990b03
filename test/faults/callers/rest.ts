import { subscription } from '../../harness/profiles.ts';
import { type Entry, type State, stateOf } from '../ledger.ts';
import { type Action, isRefusal, type World } from '../world.ts';

/** No retries: what was not answered is not known. */
const once = { retries: 0, timeout: 20_000 };

/** Creates a profile, and mostly orders it. */
export const createAndOrder: Action = async (world) => {
  const { ledger, server, chance } = world;
  const parameters = subscription();
  const entry = ledger.add(parameters.iccid);
  try {
    const request = { parameters, profile_type: 'gold' };
    await change(world, entry, 'AVAILABLE', () => server.api.createEUICCProfile(request, once));
    if (chance.number(4) > 0) await order(world, entry);
  } finally {
    ledger.release(entry);
  }
  return true;
};

/** Does something else that the state of a profile allows. */
export const operate: Action = async (world) => {
  const entry = world.ledger.take((one) => isOperable(one), world.chance.pick);
  if (entry === undefined) return false;
  try {
    const steps = steadySteps[stateOf(entry) as string] ?? [];
    await world.chance.pick(steps)(world, entry);
  } finally {
    world.ledger.release(entry);
  }
  return true;
};

/** Profiles that no phone has begun to download, so that the order is all there is. */
function isOperable(entry: Entry): boolean {
  const state = stateOf(entry);
  return state !== undefined && state in steadySteps && entry.phone === undefined && !entry.unanswered;
}

type Step = (world: World, entry: Entry) => Promise<unknown>;

async function order(world: World, entry: Entry, becomes: State = 'RELEASED'): Promise<void> {
  const terms = {
    ...(becomes === 'ALLOCATED' && { confirm: false }),
    ...(becomes === 'CONFIRMED' && { release: false }),
  };
  const { data } = await change(world, entry, becomes, () =>
    world.server.api.orderEUICCProfile(entry.iccid, terms, once),
  );
  keepCode(entry, data);
}

type Answer = { readonly activation_code: string; readonly matching_id?: string };

function keepCode(entry: Entry, { activation_code: code, matching_id: matchingId }: Answer): void {
  if (matchingId === undefined) delete entry.matchingId;
  else entry.matchingId = matchingId;
  if (code === '') delete entry.activationCode;
  else entry.activationCode = code;
}

const confirm: Step = async (world, entry) =>
  keepCode(
    entry,
    (
      await change(world, entry, 'RELEASED', () =>
        world.server.api.confirmEUICCProfile(entry.iccid, {}, once),
      )
    ).data,
  );
const release: Step = async (world, entry) =>
  keepCode(
    entry,
    (await change(world, entry, 'RELEASED', () => world.server.api.releaseEUICCProfile(entry.iccid, once)))
      .data,
  );
const cancel: Step = async (world, entry) => {
  delete entry.activationCode;
  delete entry.matchingId;
  await change(world, entry, 'AVAILABLE', () => world.server.api.cancelEUICCProfile(entry.iccid, {}, once));
};
const retire: Step = (world, entry) =>
  change(world, entry, 'UNAVAILABLE', () => world.server.api.retireEUICCProfile(entry.iccid, once));
const reset: Step = (world, entry) =>
  change(world, entry, 'AVAILABLE', () => world.server.api.resetEUICCProfile(entry.iccid, once));
const remove: Step = (world, entry) =>
  change(world, entry, 'NONE', () => world.server.api.deleteEUICCProfile(entry.iccid, {}, once));

const steadySteps: Readonly<Record<string, readonly Step[]>> = {
  AVAILABLE: [
    order,
    order,
    order,
    (world, entry) => order(world, entry, 'ALLOCATED'),
    (world, entry) => order(world, entry, 'CONFIRMED'),
    retire,
    remove,
  ],
  ALLOCATED: [confirm, confirm, cancel],
  CONFIRMED: [release, release, cancel],
  UNAVAILABLE: [reset, remove],
};

function change<T>({ ledger }: World, entry: Entry, becomes: State, call: () => Promise<T>): Promise<T> {
  return ledger.change(entry, { becomes, call, isRefused: isRefusal });
}

const ROWS = 40;

/** Imports some profiles. What the reports count is durable: the first rows, unless some have failed. */
export const importSome: Action = async ({ ledger, server }) => {
  const rows = Array.from({ length: ROWS }, () => subscription());
  const entries = rows.map(({ iccid }) => ledger.add(iccid));
  for (const entry of entries) entry.may = new Set(['NONE', 'AVAILABLE']);
  const body = rows.map((parameters) => JSON.stringify({ parameters })).join('\n');
  try {
    for await (const report of server.api.importEUICCProfiles(
      body,
      { format: 'ndjson' },
      { timeout: 20_000 },
    ))
      if ('created' in report && report.failed === 0 && report.exists === 0)
        for (const entry of entries.slice(0, report.created))
          if (entry.may.size > 1) ledger.acknowledge(entry, 'AVAILABLE');
  } finally {
    for (const entry of entries) ledger.release(entry);
  }
  return true;
};
