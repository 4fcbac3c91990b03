import { type Iccid, luhnDigit, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { orderOf, type Profile } from '@esim-rsp/smdp/state/profile';
import { chanceFrom } from '../../../fuzz/chance.ts';
import { transitionFault } from '../transitions.ts';
import { createSmdp, euiccs, START } from './model-smdp.ts';
import { actAsOperator, endTerms } from './operators.ts';
import { actAsPhone, sendTheRest } from './phones.ts';
import type { ModelCard, Play } from './play.ts';
import { createScheduler } from './scheduler.ts';

const OPERATORS = 3;
const PROFILES = 5;

export type Simulated = {
  readonly problems: readonly string[];
  readonly turns: number;
  readonly crashes: number;
};

/** Plays one interleaving of phones, operators, jobs and crashes, and returns what must not be. The same seed plays the same one. */
export async function simulate(seed: number): Promise<Simulated> {
  const problems: string[] = [];
  const scheduler = createScheduler(chanceFrom(seed), START);
  const iccids = Array.from({ length: PROFILES }, (_, i) => iccidOf(i));
  const play: Play = {
    scheduler,
    smdp: createSmdp(scheduler),
    cards: euiccs.map((euicc): ModelCard => ({ euicc, profiles: new Map(), waiting: [], seqNumber: 0 })),
    iccids,
    reusable: new Set(iccids.slice(0, 1)),
    isHasty: seed % 4 === 0,
    codes: [],
    report: (what) => void problems.push(what),
  };
  const crashes = await act(play);
  play.smdp.calm();
  for (const card of play.cards) {
    const rest = sendTheRest(play, card);
    await scheduler.run(() => undefined);
    await rest;
  }
  checkHistories(play);
  for (const profile of play.smdp.disk.profiles.values()) checkDevice(play, profile);
  for (const card of play.cards) checkCard(play, card);
  return { problems, turns: scheduler.turns(), crashes };
}

function iccidOf(i: number): Iccid {
  const digits = `8988201${String(i + 1).padStart(11, '0')}`;
  return parseIccid(digits + luhnDigit(digits));
}

/** Everybody acts at the same time, while processes crash and the clock jumps. */
async function act(play: Play): Promise<number> {
  const { chance, moveClock, run } = play.scheduler;
  let crashes = 0;
  const actors = [
    ...Array.from({ length: OPERATORS }, (_, i) => actAsOperator(play, `key${i}`)),
    ...play.cards.map((card) => actAsPhone(play, card)),
    endTerms(play),
  ];
  await run(() => {
    if (chance.number(100) === 0) {
      play.smdp.crash();
      crashes++;
    }
    if (chance.number(500) === 0) moveClock(chance.number(400_000) - 100_000);
  });
  await Promise.all(actors);
  return crashes;
}

/** Each event starts from the state that the one before led to, and the last one leads to the state that is stored. */
function checkHistories({ smdp: { disk }, iccids, report }: Play): void {
  for (const iccid of iccids) {
    let state = '-';
    for (const event of disk.events.filter((one) => one.iccid === iccid)) {
      const { from = '-', to, type } = event;
      if (from !== state)
        report(`the history of ${iccid} has a gap: after ${state} comes ${type} from ${from}`);
      const fault = transitionFault(event);
      if (fault !== undefined) report(`${iccid}: ${fault}`);
      state = type === 'profile.purged' ? '-' : to;
    }
    const stored = disk.profiles.get(iccid)?.state ?? '-';
    if (stored !== state) report(`the history of ${iccid} ends with ${state}, but it is ${stored}`);
  }
}

/** A profile that is on a device is on that card, in that state. */
function checkDevice({ cards, report }: Play, profile: Profile): void {
  const { iccid, state } = profile;
  if (!['INSTALLED', 'ENABLED', 'DISABLED'].includes(state) || !('device' in profile)) return;
  const card = cards.find(({ euicc }) => euicc.eid === profile.device?.eid);
  const there = card?.profiles.get(iccid);
  if (there !== state) report(`${iccid} is ${state}, but ${there ?? 'not there'} on its eUICC`);
}

/** What is on a card is known, because all that the card has reported was acknowledged. */
function checkCard(
  { smdp: { disk }, reusable, report }: Play,
  { euicc: { eid }, profiles }: ModelCard,
): void {
  for (const [iccid, state] of profiles) {
    const profile = disk.profiles.get(iccid);
    if (!reusable.has(iccid)) {
      if (profile?.state !== state) report(`${iccid} is ${state} on ${eid}, but ${profile?.state ?? 'gone'}`);
      continue;
    }
    const use = disk.uses.get(`${iccid} ${eid}`);
    const isCurrent = profile !== undefined && use?.orderId === orderOf(profile)?.id;
    if (isCurrent && use?.device !== undefined && use.device.state !== state)
      report(`${iccid} is ${state} on ${eid}, but the server has ${use.device.state}`);
  }
}
