import { generateOneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import type { Es9Response } from '@esim-rsp/sgp22/functions/es9plus';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { es9Functions } from '@esim-rsp/smdp/es9/functions';
import {
  authenticateRequest,
  cancelRequest,
  initiateRequest,
  type Notification,
  packageRequest,
  reportOf,
  resultOf,
} from './messages.ts';
import { attempt, type ModelCard, type Play } from './play.ts';

const ROUNDS = 8;
const LONGEST_PAUSE = 60;

/** A phone that downloads, gives up, repeats, installs and uses profiles, and reports that at some time. */
export async function actAsPhone(play: Play, card: ModelCard): Promise<void> {
  const { chance, turn } = play.scheduler;
  const { otPk } = generateOneTimeKey('P-256', (length) => chance.octets(length));
  for (let round = 0; round < ROUNDS; round++) {
    for (let pause = chance.number(LONGEST_PAUSE); pause > 0; pause--) await turn();
    await downloadSomething(play, card, otPk);
    if (chance.number(2) === 0) await useSomething(play, card);
    if (chance.number(3) > 0) await sendNotifications(play, card);
  }
}

async function downloadSomething(play: Play, card: ModelCard, otPk: Uint8Array): Promise<void> {
  const { scheduler, smdp, codes } = play;
  const { chance } = scheduler;
  if (codes.length === 0 || (!play.isHasty && card.waiting.length > 0)) return;
  const { iccid, matchingId } = chance.pick(codes.slice(-4));
  const { initiateAuthentication, authenticateClient, getBoundProfilePackage } = es9Functions;
  const opened = await attempt(play, () =>
    smdp.call(initiateAuthentication, initiateRequest(chance.octets(16))),
  );
  if (opened === undefined) return;
  const authenticate = authenticateRequest(card.euicc, opened.answer, matchingId);
  const offered = await attempt(play, () => smdp.call(authenticateClient, authenticate));
  if (offered === undefined || chance.number(12) === 0) return;
  const { transactionId } = offered.answer;
  if (!smdp.disk.sessions.has(transactionId) && !smdp.disk.formers.has(iccid))
    play.report(`the session ${transactionId} was answered and not stored`);
  if (card.profiles.has(iccid) || chance.number(8) === 0) return cancel(play, card, offered.answer);
  const request = packageRequest(card.euicc, offered.answer, otPk);
  let received = await attempt(play, () => smdp.call(getBoundProfilePackage, request));
  for (let i = 0; received === undefined && i < chance.number(3); i++)
    received = await attempt(play, () => smdp.call(getBoundProfilePackage, request));
  if (received === undefined) return;
  if (smdp.disk.sessions.get(transactionId)?.stage === 'authenticated')
    play.report(`the package of the session ${transactionId} was handed out, and that is not stored`);
  if (chance.number(10) === 0) return cancel(play, card, offered.answer);
  install(play, card, iccid, offered.answer);
}

async function cancel(
  play: Play,
  card: ModelCard,
  offered: Es9Response<'authenticateClient'>,
): Promise<void> {
  const reason = play.scheduler.chance.pick(['postponed', 'timeout', 'endUserRejection'] as const);
  const request = cancelRequest(card.euicc, offered, reason);
  await attempt(play, () => play.smdp.call(es9Functions.cancelSession, request));
}

function install(
  { scheduler: { chance }, cards, reusable, report }: Play,
  card: ModelCard,
  iccid: Iccid,
  offered: Es9Response<'authenticateClient'>,
): void {
  const isInstalled = chance.number(10) > 0;
  card.waiting.push(resultOf(card.euicc, offered, { iccid, seqNumber: ++card.seqNumber, isInstalled }));
  if (!isInstalled) return;
  const others = cards.filter((one) => one !== card && one.profiles.has(iccid));
  if (others.length > 0 && !reusable.has(iccid)) report(`the profile ${iccid} is on two eUICCs`);
  card.profiles.set(iccid, 'INSTALLED');
  add(card, iccid, 'notificationInstall');
}

function add(card: ModelCard, iccid: Iccid, event: Parameters<typeof reportOf>[1]['event']): void {
  card.waiting.push(reportOf(card.euicc, { iccid, seqNumber: ++card.seqNumber, event }));
}

/** Enables, disables or deletes a profile. */
async function useSomething({ scheduler: { chance, turn } }: Play, card: ModelCard): Promise<void> {
  await turn();
  const found = [...card.profiles];
  if (found.length === 0) return;
  const [iccid, state] = chance.pick(found);
  if (state === 'ENABLED') {
    card.profiles.set(iccid, 'DISABLED');
    add(card, iccid, 'notificationDisable');
  } else if (chance.number(2) === 0) {
    card.profiles.delete(iccid);
    add(card, iccid, 'notificationDelete');
  } else {
    card.profiles.set(iccid, 'ENABLED');
    add(card, iccid, 'notificationEnable');
  }
}

/** In their order. One that is not acknowledged stays, with those behind it; some are sent once more by mistake. */
async function sendNotifications(play: Play, card: ModelCard): Promise<void> {
  const { chance } = play.scheduler;
  for (let next = card.waiting[0]; next !== undefined; next = card.waiting[0]) {
    const request: Notification = next;
    const send = () => play.smdp.call(es9Functions.handleNotification, request);
    if ((await attempt(play, send)) === undefined) return;
    card.waiting.shift();
    if (chance.number(8) === 0) attempt(play, send);
  }
}

/** Sends what is left. Nothing fails any more. */
export async function sendTheRest(play: Play, card: ModelCard): Promise<void> {
  await sendNotifications(play, card);
  if (card.waiting.length > 0) play.report(`the eUICC ${card.euicc.eid} cannot deliver its notifications`);
}
