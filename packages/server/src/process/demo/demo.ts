import { formatActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { completeEid, demoEid, type Eid } from '@esim-rsp/sgp22/value/eid';
import { type Iccid, luhnDigit, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { type MatchingId, parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Env } from '@esim-rsp/smdp/env';
import { orderProfile } from '@esim-rsp/smdp/order/orderProfile';
import type { Decision } from '@esim-rsp/smdp/run';
import type { Change } from '@esim-rsp/smdp/state/change';
import type { PlainContent } from '@esim-rsp/smdp/state/content';
import type { Downloaded, OnDevice, Profile, Released, Stocked } from '@esim-rsp/smdp/state/profile';
import { reserve } from '@esim-rsp/smdp/state/transitions';
import { createProfile, identityOf } from '@esim-rsp/smdp/stock/createProfile';
import type { ChangeStore } from '../../store/ports/changes.ts';
import type { ProfileStore } from '../../store/ports/profiles.ts';
import { demoParameters } from './demo-parameters.ts';
import {
  downloadedTo,
  failedAt,
  later,
  movedByUser,
  type Past,
  recordsIn,
  refusedTo,
  reportedBy,
  seconds,
} from './demo-past.ts';

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

type Step = (stocked: Past<Stocked>, env: Env) => Past | Promise<Past>;

type Planned = {
  readonly name: string;
  readonly type: string;
  /** How many hours before the start it was ordered: its past has different days. */
  readonly hoursAgo: number;
  readonly step: Step;
};

const MEMORY = {
  reason: {
    subjectCode: '8.1',
    reasonCode: '4.8',
    message: 'the eUICC has not enough free memory for this profile',
  },
  check: 'memoryEnough',
} as const;
const OTHER_EID = {
  reason: { subjectCode: '8.1.1', reasonCode: '3.8', message: 'this profile was ordered for another EID' },
  check: 'eidAllowed',
} as const;
const NOT_RELEASED = {
  reason: {
    subjectCode: '8.2',
    reasonCode: '1.2',
    message: 'the operator has not released this profile yet',
  },
  check: 'orderReady',
} as const;
const NOT_INSTALLED = {
  subjectCode: '8.2.10',
  reasonCode: '4.2',
  message: 'the eUICC could not install the profile: not enough memory',
} as const;

/** One profile for each state, and the steps that lead to it. There is none in UNAVAILABLE: a user sets that. */
const plan: readonly Planned[] = [
  {
    name: 'waits for any phone',
    type: 'travel',
    hoursAgo: 3,
    step: async (stocked, env) =>
      refusedTo(await orderDemoProfile(stocked, env, {}), otherEid(4), MEMORY, later(env, 21)),
  },
  {
    name: 'asks for a code',
    type: 'travel',
    hoursAgo: 5,
    step: (stocked, env) => orderDemoProfile(stocked, env, { confirmationCode: demoConfirmationCode }),
  },
  {
    name: 'found by EID',
    type: 'travel',
    hoursAgo: 26,
    step: async (stocked, env) => {
      const ordered = await orderDemoProfile(stocked, env, { eid: demoEid, matchingId: parseMatchingId('') });
      return refusedTo(ordered, otherEid(5), OTHER_EID, later(env, 90));
    },
  },
  { name: 'in stock', type: 'travel', hoursAgo: 140, step: (stocked) => stocked },
  {
    name: 'allocated',
    type: 'data',
    hoursAgo: 8,
    step: (stocked, env) => movedByUser(stocked, reserve(stocked.profile, undefined, seconds(env)), env),
  },
  {
    name: 'linked',
    type: 'data',
    hoursAgo: 9,
    step: (stocked, env) => movedByUser(stocked, reserve(stocked.profile, otherEid(1), seconds(env)), env),
  },
  {
    name: 'confirmed',
    type: 'data',
    hoursAgo: 4,
    step: async (stocked, env) => {
      const ordered = await orderDemoProfile(stocked, env, { release: false });
      return refusedTo(ordered, otherEid(6), NOT_RELEASED, later(env, 11));
    },
  },
  {
    name: 'downloaded',
    type: 'data',
    hoursAgo: 1,
    step: (stocked, env) => downloadTo(stocked, env, otherEid(2)),
  },
  {
    name: 'installed',
    type: 'travel',
    hoursAgo: 50,
    step: (stocked, env) => reportStates(stocked, env, ['INSTALLED']),
  },
  {
    name: 'enabled',
    type: 'travel',
    hoursAgo: 75,
    step: (stocked, env) => reportStates(stocked, env, ['INSTALLED', 'ENABLED']),
  },
  {
    name: 'disabled',
    type: 'data',
    hoursAgo: 101,
    step: (stocked, env) => reportStates(stocked, env, ['INSTALLED', 'ENABLED', 'DISABLED']),
  },
  {
    name: 'deleted',
    type: 'data',
    hoursAgo: 122,
    step: (stocked, env) => reportStates(stocked, env, ['INSTALLED', 'ENABLED', 'DISABLED', 'DELETED']),
  },
  {
    name: 'failed',
    type: 'travel',
    hoursAgo: 29,
    step: async (stocked, env) =>
      failedAt(await downloadTo(stocked, env, otherEid(3)), otherEid(3), NOT_INSTALLED, later(env, 14)),
  },
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

/** The profiles in their last state, then what is recorded of their past, in the order of time. */
async function demoChanges(env: Env, account: string): Promise<Change[]> {
  const saved = await Promise.all(plan.map((planned, i) => demoProfile(planned, i + 1, env, account)));
  const records = saved.flatMap(({ records: own }) => own);
  const [events, sessions] = [
    records.filter((one) => 'event' in one),
    records.filter((one) => 'session' in one),
  ];
  return [
    ...saved.map(({ profile, content }) => ({ profile, content })),
    ...sessions,
    ...events.sort((a, b) => a.event.at - b.event.at),
  ];
}

async function demoProfile({ name, type, hoursAgo, step }: Planned, i: number, env: Env, account: string) {
  const ordered = later(env, -60 * hoursAgo);
  const created = later(ordered, -60);
  const content: PlainContent = { parameters: demoParameters(demoIccid(i), i, name, env.random) };
  const found = { identity: identityOf(content), existing: undefined, isReserved: false };
  const decision = await createProfile.decide({ account, content, profileType: type }, found, created);
  const profile = unwrapReply(decision) as Stocked;
  const past = await step({ profile, records: recordsIn(savedBy(decision)) }, ordered);
  return { ...past, content };
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

async function orderDemoProfile(
  { profile, records }: Past<Stocked>,
  env: Env,
  options: OrderOptions,
): Promise<Past<Released>> {
  const { account, iccid } = profile;
  const request = { account, iccid, release: true, ...options };
  const decision = await orderProfile.decide(request, profile, env);
  const ordered = unwrapReply(decision) as Released;
  return { profile: ordered, records: [...records, ...recordsIn(savedBy(decision))] };
}

async function downloadTo(stocked: Past<Stocked>, env: Env, eid: Eid): Promise<Past<Released | Downloaded>> {
  return downloadedTo(await orderDemoProfile(stocked, env, {}), eid, later(env, 12));
}

async function reportStates(
  stocked: Past<Stocked>,
  env: Env,
  states: readonly [OnDevice['state'], ...OnDevice['state'][]],
): Promise<Past> {
  const eid = otherEid(Number(stocked.profile.iccid.slice(-3)));
  let past: Past<Released | Downloaded | OnDevice> = await downloadTo(stocked, env, eid);
  for (const [i, state] of states.entries())
    past = reportedBy(past, state, { eid, seqNumber: i + 1 }, later(env, 13 + i * i * 300));
  return past;
}

function savedBy<R>(decision: Decision<R>): readonly Change[] {
  return decision.save;
}
