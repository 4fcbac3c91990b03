import {
  deleteProfile,
  disableProfile,
  download,
  type Es10Channel,
  enableProfile,
  execute,
  type LpaEnv,
  LpaFailure,
  listProfiles,
  sendNotifications,
  waitingNotifications,
} from '@esim-rsp/euicc';
import { es9Transport } from '@esim-rsp/phone';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { parseActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { Entry, State } from '../ledger.ts';
import type { Action, Handset, World } from '../world.ts';

/** A phone that is on: its LPA talks to the server. */
type Powered = LpaEnv & Disposable;

function switchOn(handset: Handset): Powered {
  const es9 = es9Transport({ trust: handset.card.ciCertificates.map((one) => trustCi(one)) });
  return {
    es10: es10Of(handset),
    es9,
    onStep: () => undefined,
    [Symbol.dispose]: () => es9[Symbol.dispose](),
  };
}

function es10Of(handset: Handset): Es10Channel {
  return {
    transmit: async (command) => {
      const outcome = execute(handset.card, command, { random: systemRandom });
      handset.card = outcome.card;
      return { sw: outcome.sw, data: outcome.data };
    },
  };
}

/** Callers that act as phones. The second half of the handsets are rivals: they try the same codes as those of the first half. */
export function phoneCallers({ handsets }: World): readonly Action[] {
  return handsets.slice(0, handsets.length / 2).map(
    (_, number): Action =>
      async (world) => {
        const rival = number + handsets.length / 2;
        const entry = world.ledger.take((one) => isDownloadable(one, [number, rival]), world.chance.pick);
        if (entry === undefined) return false;
        entry.phone ??= number;
        entry.isContested ??= world.chance.number(4) === 0;
        try {
          await install(world, entry, [number, rival]);
          await use(world, entry);
        } finally {
          world.ledger.release(entry);
        }
        return true;
      },
  );
}

function isDownloadable({ may, activationCode, phone, unanswered }: Entry, own: readonly number[]): boolean {
  const isWaiting = [...may].every((state) => state === 'RELEASED' || state === 'DOWNLOADED');
  const isOwn = phone === undefined || own.includes(phone);
  return isOwn && isWaiting && activationCode !== undefined && unanswered === undefined;
}

/** Downloads a profile, with a rival if it is contested: one of them gets it. */
async function install(world: World, entry: Entry, [own, rival]: readonly [number, number]): Promise<void> {
  const numbers = entry.isContested ? [own, rival] : [own];
  entry.may = new Set([...entry.may, 'DOWNLOADED']);
  const results = await Promise.allSettled(numbers.map((number) => downloadTo(world, number, entry)));
  const winners: number[] = [];
  for (const number of numbers) if (await hasProfile(world, number, entry.iccid)) winners.push(number);
  if (winners.length > 1) world.findings.violation(`${entry.iccid} is on two eUICCs`);
  const [winner] = winners;
  if (winner !== undefined) {
    entry.phone = winner;
    entry.onCard = ['DOWNLOADED', 'INSTALLED'];
    entry.may = new Set(entry.onCard);
    return;
  }
  const failed = results.filter((one) => one.status === 'rejected').map(({ reason }) => reason);
  throw failed.find((reason) => !isRefusedByServer(reason)) ?? failed[0];
}

async function downloadTo(
  world: World,
  number: number,
  { iccid, activationCode = '' }: Entry,
): Promise<void> {
  if (await hasProfile(world, number, iccid)) return;
  using lpa = switchOn(world.handsets[number] as Handset);
  await download(
    {
      source: parseActivationCode(activationCode),
      consent: async () => true,
      confirmationCode: async () => undefined,
    },
    lpa,
  );
}

function isRefusedByServer(error: unknown): boolean {
  return error instanceof LpaFailure && error.status !== undefined;
}

const uses = [
  [enableProfile, 'ENABLED'],
  [disableProfile, 'DISABLED'],
  [deleteProfile, 'DELETED'],
] as const;

/** Reports the installation, and sometimes enables, disables and deletes the profile. */
async function use(world: World, entry: Entry): Promise<void> {
  const number = entry.phone as number;
  using lpa = switchOn(world.handsets[number] as Handset);
  await report(world, number, lpa);
  for (const [act, state] of uses) {
    if (world.chance.number(3) === 0) return;
    if (state === 'ENABLED') disableOthers(world, number);
    await act(lpa.es10, parseIccid(entry.iccid));
    reach(entry, state);
    await report(world, number, lpa);
  }
}

function reach(entry: Entry, state: State): void {
  entry.onCard = [...(entry.onCard ?? []), state];
  entry.may = new Set([...entry.may, state]);
}

/** The card disables the profile that was enabled before, and reports that too. */
function disableOthers({ ledger }: World, number: number): void {
  for (const entry of ledger.entries.values())
    if (entry.phone === number && entry.onCard?.at(-1) === 'ENABLED') reach(entry, 'DISABLED');
}

/** Sends what is on a card. A notification that has left the card was acknowledged. */
async function report(world: World, number: number, lpa: Powered): Promise<void> {
  try {
    const { waiting } = await sendNotifications(lpa);
    if (waiting[0] !== undefined) throw waiting[0].failure;
  } finally {
    const waiting = await waitingNotifications(lpa.es10);
    for (const entry of world.ledger.entries.values())
      if (entry.phone === number && entry.onCard !== undefined)
        reckon(world, entry, waiting.filter(({ iccid }) => iccid === entry.iccid).length);
  }
}

/** An installation has two notifications, each use has one. */
function reckon({ ledger }: World, entry: Entry, waiting: number): void {
  const onCard = entry.onCard ?? [];
  const acknowledged = onCard.length - waiting;
  const reached = acknowledged === 0 ? 0 : Math.max(1, acknowledged - 1);
  const state = onCard[reached] as State;
  if (waiting > 0) entry.may = new Set(onCard.slice(reached));
  else if (entry.may.size > 1 || !entry.may.has(state)) ledger.acknowledge(entry, state);
}

async function hasProfile({ handsets }: World, number: number, iccid: string): Promise<boolean> {
  const profiles = await listProfiles(es10Of(handsets[number] as Handset));
  return profiles.some((one) => one.iccid === iccid);
}

/** Sends what is left on all cards. */
export async function settlePhones(world: World): Promise<void> {
  for (const [number, handset] of world.handsets.entries()) {
    using lpa = switchOn(handset);
    await report(world, number, lpa).catch((error: unknown) =>
      world.findings.violation(`a notification is not accepted: ${String(error)}`),
    );
  }
}

/** The ICCIDs on each card. */
export function profilesOnCards({ handsets }: World): Promise<readonly (readonly string[])[]> {
  return Promise.all(
    handsets.map(async (handset) => (await listProfiles(es10Of(handset))).map(({ iccid }) => iccid)),
  );
}
