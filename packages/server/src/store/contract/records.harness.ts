import assert from 'node:assert/strict';
import {
  type NotificationEvent,
  notificationEvents,
  type ProfileClass,
  profileClasses,
} from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { ppkFromBytes } from '@esim-rsp/sgp22/bpp/session-keys';
import type { ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import { type PolicyRule, policyRules, storeMetadataFor } from '@esim-rsp/sgp22/profile/metadata';
import { reasons, type StatusCode, subjects } from '@esim-rsp/sgp22/status';
import { type Eid, parseEid } from '@esim-rsp/sgp22/value/eid';
import { type Iccid, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { type MatchingId, parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { parseTransactionId, type TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { CallFingerprint } from '@esim-rsp/smdp/state/calls';
import type { Change } from '@esim-rsp/smdp/state/change';
import type { ProfileContent } from '@esim-rsp/smdp/state/content';
import type { OperationId } from '@esim-rsp/smdp/state/gateway/operation';
import { bindingOf, type Order, type OrderId, reuseTypes } from '@esim-rsp/smdp/state/order';
import { type Profile, protections, type Released, type Stocked } from '@esim-rsp/smdp/state/profile';
import type { Refused, Session } from '@esim-rsp/smdp/state/session';
import fc from 'fast-check';
import type { ServerStore } from '../ports/server-store.ts';

/** Records that tests save: some plain ones, and arbitrary ones of every state with every optional member there or not. */

let counter = 0;

/** Every call returns a new value. */
export const next = {
  iccid: (): Iccid => parseIccid(`8988201${String(++counter).padStart(12, '0')}`),
  eid: (): Eid => parseEid(`89049032${String(++counter).padStart(24, '0')}`),
  matchingId: (): MatchingId => parseMatchingId(`MID-${++counter}`),
  transactionId: (): TransactionId => parseTransactionId((++counter).toString(16).padStart(32, '0')),
};

export const NO_MATCHING_ID = parseMatchingId('');

const plainMetadata = storeMetadataFor({
  iccid: next.iccid(),
  serviceProviderName: 'Example',
  profileName: 'Travel',
  profileClass: 'operational',
  notificationAddress: 'rsp.example.com',
}).bytes;

export function stocked(members: Partial<Stocked> = {}): Stocked {
  return {
    iccid: next.iccid(),
    account: 'operator',
    imsi: '001010000000001',
    metadata: plainMetadata,
    protection: 'session_keys',
    changedAt: 1_700_000_000,
    version: 0,
    state: 'AVAILABLE',
    ...members,
  };
}

export function released(order: Partial<Order> = {}, members: Partial<Released> = {}): Released {
  return {
    ...stocked(),
    state: 'RELEASED',
    order: {
      matchingId: next.matchingId(),
      downloadAttemptsLeft: 10,
      releasedAt: 1_700_000_000,
      reusePolicy: { type: 'NEVER', maxCount: 0, cooldownSeconds: 0 },
      reusesLeft: 0,
      ...order,
    },
    ...members,
  };
}

export function refusedSession(members: Partial<Refused> = {}): Refused {
  return {
    transactionId: next.transactionId(),
    smdpCiPKId: new Uint8Array(20).fill(1),
    expiresAt: 1_700_000_300_000,
    version: 0,
    stage: 'refused',
    eid: next.eid(),
    ...members,
  };
}

const digits = (length: number) =>
  fc.array(fc.nat(9), { minLength: length, maxLength: length }).map((all) => all.join(''));
const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const bytes = fc.uint8Array({ maxLength: 80 });
const whole = fc.maxSafeNat();
const eid = digits(32).map(parseEid);

type Model<T> = { readonly [K in keyof T]: fc.Arbitrary<T[K]> };

/** A plain object; every member of `optional` is there or not. */
function members<R, O = unknown>(required: Model<R>, optional?: Model<O>): fc.Arbitrary<R & Partial<O>> {
  const model = { ...required, ...optional } as unknown as Model<R & O>;
  const requiredKeys = Object.keys(required) as (keyof R)[];
  return fc.record(model, { requiredKeys, noNullPrototype: true }) as fc.Arbitrary<R & Partial<O>>;
}

/** StoreMetadataRequest in DER, of names and an icon of any length, with every optional member there or not. */
const metadata: fc.Arbitrary<Uint8Array> = members(
  {
    iccid: digits(19).map(parseIccid),
    serviceProviderName: fc.string({ maxLength: 32 }),
    profileName: fc.string({ maxLength: 64 }),
    profileClass: fc.constantFrom(...(Object.keys(profileClasses) as ProfileClass[])),
    notificationAddress: fc.constant('rsp.example.com'),
    owner: members(
      { mccMnc: fc.constantFrom('00101', '310410') },
      { gid1: fc.uint8Array({ minLength: 1, maxLength: 8 }), gid2: fc.constant(Uint8Array.of(2)) },
    ),
  },
  {
    notifications: fc.subarray(Object.keys(notificationEvents) as NotificationEvent[]),
    policyRules: fc.subarray(Object.keys(policyRules) as PolicyRule[]),
    icon: fc.nat(900).map((length) => Uint8Array.of(0xff, 0xd8, 0xff, ...new Uint8Array(length))),
  },
).map((facts) => storeMetadataFor(facts).bytes);

const order: fc.Arbitrary<Order> = members(
  {
    matchingId: fc.constantFrom(NO_MATCHING_ID, next.matchingId()),
    downloadAttemptsLeft: whole,
    reusePolicy: members({
      type: fc.constantFrom(...reuseTypes),
      maxCount: whole,
      cooldownSeconds: whole,
    }),
    reusesLeft: whole,
  },
  {
    id: text.map((id) => id as OrderId),
    eid,
    notEid: eid,
    confirmationCode: members({ hash: bytes, attemptsLeft: whole }),
    expiresAt: whole,
    returnsAt: whole,
    releasedAt: whole,
    smdpAddress: text,
    isCancelledThere: fc.constant(true),
  },
);
const binding = members({ eid, euiccOtpk: bytes, otSkDp: bytes, hostId: bytes }).map(bindingOf);
const device = members({ eid, lastSeqNumber: whole, lastNotificationAt: whole });
const reason = members({
  subjectCode: fc.constantFrom(...Object.keys(subjects)),
  reasonCode: fc.constantFrom(...Object.keys(reasons)),
  message: text,
}) as fc.Arbitrary<StatusCode>;
const call = text.map((one) => `${one}.` as CallFingerprint);
const calls = members(
  { confirmOrder: call },
  {
    downloadOrder: fc.nat().map(() => next.matchingId() as string as CallFingerprint),
    releaseProfile: call,
    cancelOrder: call,
  },
);
const stock = members(
  {
    iccid: fc.constant(next.iccid()),
    account: text,
    imsi: digits(15),
    metadata,
    protection: fc.constantFrom(...protections),
    changedAt: whole,
    version: fc.constant(0),
  },
  {
    profileType: text,
    upstream: text,
    operation: text.map((id) => id as OperationId),
    msisdn: digits(12).map((one) => `+${one}`),
    calls,
    earlierDevices: fc.array(
      members({
        eid: fc.oneof(eid, fc.constant('any' as const)),
        lastSeqNumber: whole,
        isDeleted: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    es2Calls: fc.array(digits(32) as fc.Arbitrary<CallFingerprint>, { minLength: 1, maxLength: 3 }),
  },
);
const state = <S extends Profile['state']>(...states: S[]) => fc.constantFrom(...states);

/** A member of the union of profiles, without the members that all have. */
const stateMembers = [
  members({ state: state('AVAILABLE', 'UNAVAILABLE', 'ALLOCATED') }),
  members({
    state: state('AVAILABLE'),
    ready: members(
      { matchingId: text.map((id) => id as MatchingId), releasedAt: whole },
      { smdpAddress: text },
    ),
  }),
  members({ state: state('LINKED'), eid }),
  members({ state: state('CONFIRMED'), order }),
  members({ state: state('RELEASED'), order }, { binding }),
  members({ state: state('DOWNLOADED'), order, binding }),
  members({ state: state('INSTALLED', 'ENABLED', 'DISABLED', 'DELETED'), order, device }),
  members({ state: state('ERROR'), order, reason }),
] as const;

/** All have one ICCID, and the same MatchingID if any: see `ownProfile`. */
export const anyProfile: fc.Arbitrary<Profile> = fc
  .tuple(stock, fc.oneof(...stateMembers))
  .map(([known, own]) => ({ ...known, ...own }) as Profile);

/** The profile under an ICCID and a MatchingID of its own, so that each run of a property finds them free. */
export function ownProfile(profile: Profile): Profile {
  const own = { ...profile, iccid: next.iccid() };
  if (!('order' in own) || own.order.matchingId === NO_MATCHING_ID) return own;
  return { ...own, order: { ...own.order, matchingId: next.matchingId() } };
}

export function ownSession(session: Session): Session {
  return { ...session, transactionId: next.transactionId() };
}

const transaction = {
  transactionId: fc.constant(next.transactionId()),
  smdpCiPKId: bytes,
  expiresAt: whole,
  version: fc.constant(0),
};

/** All have one transactionId: see `ownSession`. */
export const anySession: fc.Arbitrary<Session> = fc.oneof(
  members({ ...transaction, stage: fc.constant('initiated' as const) }),
  members(
    { ...transaction, stage: fc.constant('refused' as const), eid },
    { askedFor: digits(19).map(parseIccid) },
  ),
  members(
    {
      ...transaction,
      stage: fc.constantFrom(
        'authenticated' as const,
        'bound' as const,
        'cancelled' as const,
        'ended' as const,
      ),
      eid,
      iccid: digits(19).map(parseIccid),
      euiccPublicKey: bytes,
      smdpSignature2: bytes,
    },
    { orderId: text.map((id) => id as OrderId), euiccOtpk: bytes },
  ),
);

const pin = digits(4);
export const anyParameters: fc.Arbitrary<ProfileParameters> = members(
  {
    iccid: digits(19).map(parseIccid),
    imsi: digits(15),
    ki: bytes,
    opc: bytes,
    algorithm: fc.constantFrom('milenage' as const, 'tuak' as const, 'usim-test' as const),
    pin1: pin,
    pin2: pin,
    puk1: digits(8),
    puk2: digits(8),
    adm1: bytes,
    kic1: bytes,
    kid1: bytes,
    kik1: bytes,
    serviceProviderName: text,
    profileName: text,
    mncLength: fc.constantFrom(2 as const, 3 as const),
  },
  { msisdn: digits(12), smsc: digits(12), kic2: bytes },
);

const ppk = fc.uint8Array({ minLength: 48, maxLength: 48 });
export const anyContent: fc.Arbitrary<ProfileContent> = fc.oneof(
  members({ package: fc.uint8Array({ maxLength: 5000 }) }),
  members({ parameters: anyParameters }),
  members({ ppk: ppk.map(ppkFromBytes), sequenceOf86: bytes }),
);

/** A test of a store that is empty when the test begins. */
export type StoreTest = (store: ServerStore) => Promise<void>;

/** A record as it is read back after it was saved. */
export const saved = <R extends Profile | Session>(record: R): R => ({
  ...record,
  version: record.version + 1,
});

/** Saves changes, which has to go well. */
export async function put(store: ServerStore, ...changes: readonly Change[]): Promise<void> {
  assert.equal(await store.save(changes), 'saved');
}
