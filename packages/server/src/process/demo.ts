import { generateOneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import { formatActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { completeEid, demoEid, type Eid } from '@esim-rsp/sgp22/value/eid';
import { type Iccid, luhnDigit, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { type MatchingId, parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Env } from '@esim-rsp/smdp/env';
import { orderProfile } from '@esim-rsp/smdp/order/orderProfile';
import type { Decision } from '@esim-rsp/smdp/run';
import type { Change } from '@esim-rsp/smdp/state/change';
import type { PlainContent } from '@esim-rsp/smdp/state/content';
import { bindingOf } from '@esim-rsp/smdp/state/order';
import type { Downloaded, OnDevice, Profile, Released, Stocked } from '@esim-rsp/smdp/state/profile';
import { download, fail, report, reserve } from '@esim-rsp/smdp/state/transitions';
import { createProfile, identityOf } from '@esim-rsp/smdp/stock/createProfile';
import type { ChangeStore } from '../store/ports/changes.ts';
import type { ProfileStore } from '../store/ports/profiles.ts';
import { demoParameters } from './demo-parameters.ts';

/** The confirmation code of a demo profile. It is fixed because the store has only its hash. */
export const demoConfirmationCode = '2468';

export type Download = { readonly iccid: Iccid; readonly activationCode: string };

/** The demo profiles that can still be downloaded. */
export type DemoProfiles = {
  readonly first: Iccid;
  readonly plain?: Download;
  readonly withConfirmationCode?: Download & { readonly confirmationCode: string };
};

/** ICCID number i of the demo, under the test network 001-01. */
function demoIccid(i: number): Iccid {
  const digits = `8900101${String(i).padStart(11, '0')}`;
  return parseIccid(digits + luhnDigit(digits));
}

/** EIDs of other phones than the one of `esim phone create`. */
function otherEid(i: number): Eid {
  return completeEid(`89049032${String(900_000 + i).padStart(22, '0')}`);
}

type Step = (stocked: Stocked, env: Env, account: string) => Profile | Promise<Profile>;

/** One profile for each state, and the steps that lead to it. There is none in UNAVAILABLE: a user sets that. */
const plan: readonly (readonly [name: string, step: Step])[] = [
  ['waits for any phone', (stocked, env) => orderDemoProfile(stocked, env, {})],
  [
    'asks for a code',
    (stocked, env) => orderDemoProfile(stocked, env, { confirmationCode: demoConfirmationCode }),
  ],
  [
    'found by EID',
    (stocked, env) => orderDemoProfile(stocked, env, { eid: demoEid, matchingId: parseMatchingId('') }),
  ],
  ['in stock', (stocked) => stocked],
  ['allocated', (stocked, env) => reserve(stocked, undefined, seconds(env))],
  ['linked', (stocked, env) => reserve(stocked, otherEid(1), seconds(env))],
  ['confirmed', (stocked, env) => orderDemoProfile(stocked, env, { release: false })],
  ['downloaded', (stocked, env) => downloadTo(stocked, env, otherEid(2))],
  ['installed', (stocked, env) => reportStates(stocked, env, ['INSTALLED'])],
  ['enabled', (stocked, env) => reportStates(stocked, env, ['INSTALLED', 'ENABLED'])],
  ['disabled', (stocked, env) => reportStates(stocked, env, ['INSTALLED', 'ENABLED', 'DISABLED'])],
  ['deleted', (stocked, env) => reportStates(stocked, env, ['INSTALLED', 'ENABLED', 'DISABLED', 'DELETED'])],
  ['failed', async (stocked, env) => failInstallation(await downloadTo(stocked, env, otherEid(3)), env)],
];
const [PLAIN, WITH_CODE] = [1, 2].map(demoIccid) as [Iccid, Iccid];

/** Creates the demo profiles in one save if they do not exist. Resolves to those that can still be downloaded. */
export async function ensureDemoProfiles(
  store: ProfileStore & ChangeStore,
  env: Env,
  account: string,
): Promise<DemoProfiles> {
  if ((await store.profile(PLAIN)) === undefined) await store.save(await demoChanges(env, account));
  const plain = waitingDownload(await store.profile(PLAIN), env);
  const coded = waitingDownload(await store.profile(WITH_CODE), env);
  return {
    first: PLAIN,
    ...(plain && { plain }),
    ...(coded && { withConfirmationCode: { ...coded, confirmationCode: demoConfirmationCode } }),
  };
}

function demoChanges(env: Env, account: string): Promise<Change[]> {
  return Promise.all(
    plan.map(async ([name, step], i) => {
      const content: PlainContent = {
        parameters: demoParameters(demoIccid(i + 1), i + 1, name, env.random),
      };
      const found = { identity: identityOf(content), existing: undefined, isReserved: false };
      const stocked = unwrapReply(await createProfile.decide({ account, content }, found, env)) as Stocked;
      return { profile: await step(stocked, env, account), content };
    }),
  );
}

function waitingDownload(profile: Profile | undefined, env: Env): Download | undefined {
  if (profile?.state !== 'RELEASED') return undefined;
  const { matchingId, confirmationCode } = profile.order;
  const activationCode = formatActivationCode({
    smdpAddress: env.smdpAddress,
    matchingId,
    confirmationCodeRequired: confirmationCode !== undefined,
  });
  return { iccid: profile.iccid, activationCode };
}

function unwrapReply<R>(decision: Decision<R>): R {
  if ('refusal' in decision) throw decision.refusal;
  return decision.reply;
}

type OrderOptions = {
  readonly eid?: Eid;
  readonly matchingId?: MatchingId;
  readonly confirmationCode?: string;
  readonly release?: boolean;
};

async function orderDemoProfile(stocked: Stocked, env: Env, options: OrderOptions): Promise<Profile> {
  const { account, iccid } = stocked;
  return unwrapReply(await orderProfile.decide({ account, iccid, release: true, ...options }, stocked, env));
}

async function downloadTo(stocked: Stocked, env: Env, eid: Eid): Promise<Released | Downloaded> {
  const released = (await orderDemoProfile(stocked, env, {})) as Released;
  const { otPk: euiccOtpk } = generateOneTimeKey('P-256', env.random);
  const { otSk: otSkDp } = generateOneTimeKey('P-256', env.random);
  const binding = bindingOf({ eid, euiccOtpk, otSkDp, hostId: env.random(16) });
  return download(released, binding, seconds(env));
}

async function reportStates(
  stocked: Stocked,
  env: Env,
  states: readonly [OnDevice['state'], ...OnDevice['state'][]],
): Promise<Profile> {
  const eid = otherEid(Number(stocked.iccid.slice(-3)));
  let profile: Released | Downloaded | OnDevice = await downloadTo(stocked, env, eid);
  for (const [i, state] of states.entries())
    profile = report(profile, state, { eid, seqNumber: i + 1 }, seconds(env));
  return profile;
}

function failInstallation(profile: Released | Downloaded, env: Env): Profile {
  const message = 'the eUICC could not install the profile: not enough memory';
  return fail(profile, { subjectCode: '8.2.10', reasonCode: '4.2', message }, seconds(env));
}

function seconds(env: Env): number {
  return Math.floor(env.now / 1000);
}
