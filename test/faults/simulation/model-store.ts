import type { Store } from '@esim-rsp/smdp/ports';
import type { Change, Saved } from '@esim-rsp/smdp/state/change';
import type { ProfileContent } from '@esim-rsp/smdp/state/content';
import type { ProfileEvent } from '@esim-rsp/smdp/state/event';
import { orderOf, type Profile, type Released } from '@esim-rsp/smdp/state/profile';
import type { Session } from '@esim-rsp/smdp/state/session';
import type { Use } from '@esim-rsp/smdp/state/use';
import type { Life, Scheduler } from './scheduler.ts';

/** What is on the disk of the simulated store. */
export type Disk = {
  readonly profiles: Map<string, Profile>;
  readonly sessions: Map<string, Session>;
  readonly uses: Map<string, Use>;
  readonly contents: Map<string, ProfileContent>;
  readonly formers: Map<string, number>;
  readonly events: ProfileEvent[];
};

export function emptyDisk(): Disk {
  const [profiles, sessions, uses] = [new Map(), new Map(), new Map()];
  return { profiles, sessions, uses, contents: new Map(), formers: new Map(), events: [] };
}

/** The store failed: it is unknown whether it did what was asked. */
export class StoreFailure extends Error {}

export type StoreFaults = {
  /** One call in so many fails before it did anything; as many fail after. */
  readonly failsOneIn: number;
};

/**
 * The store as its port describes it: a save is atomic, guarded by versions, and durable when its promise resolves. Each call waits for its turn,
 * so that calls overtake each other, and processes crash between a commit and its answer.
 */
export function modelStore(disk: Disk, life: Life, scheduler: Scheduler, faults: StoreFaults): Store {
  const { turn, chance } = scheduler;
  const call = async <T>(work: () => T): Promise<T> => {
    await turn(life);
    if (chance.number(faults.failsOneIn) === 0) throw new StoreFailure('the store did not begin');
    const result = work();
    await turn(life);
    if (chance.number(faults.failsOneIn) === 0) throw new StoreFailure('the answer of the store got lost');
    return result;
  };
  const profiles = () => [...disk.profiles.values()];
  return {
    save: (changes) => call(() => save(disk, changes)),
    session: (id) => call(() => disk.sessions.get(id)),
    profile: (iccid) => call(() => disk.profiles.get(iccid)),
    profileByMatchingId: (id) => call(() => profiles().find((one) => orderOf(one)?.matchingId === id)),
    profilesWaitingFor: (eid, most) =>
      call(() =>
        profiles()
          .filter((one) => {
            const order = orderOf(one);
            return order?.matchingId === '' && order.eid === eid && /RELEASED|DOWNLOADED/.test(one.state);
          })
          .slice(0, most),
      ),
    use: (iccid, eid) => call(() => disk.uses.get(`${iccid} ${eid}`)),
    content: (iccid) => call(() => disk.contents.get(iccid)),
    availableOfType: (_account, type, most) =>
      call(() =>
        profiles()
          .filter(({ state, profileType }) => state === 'AVAILABLE' && profileType === type)
          .slice(0, most),
      ),
    knowsType: (_account, type) => call(() => profiles().some(({ profileType }) => profileType === type)),
    template: () => call(() => undefined),
    takenIccids: () => call(() => []),
    reservedForOthers: () => call(() => []),
    isFormerCall: () => call(() => false),
    hasFormer: (iccid) => call(() => disk.formers.has(iccid)),
    profileOrderedBy: () => call(() => undefined),
    operation: () => call(() => undefined),
    upstreamOfType: () => call(() => undefined),
    upstream: () => call(() => undefined),
  };
}

/** All changes or none. */
function save(disk: Disk, changes: readonly Change[]): Saved {
  if (changes.some((change) => !isCurrent(disk, change))) return 'stale';
  if (changes.some((change) => takesMatchingId(disk, change))) return 'matchingIdTaken';
  for (const change of changes) apply(disk, change);
  return 'saved';
}

function isCurrent(disk: Disk, change: Change): boolean {
  if ('session' in change) {
    const { transactionId, version } = change.session;
    return (disk.sessions.get(transactionId)?.version ?? 0) === version;
  }
  if ('profile' in change) {
    const stored = disk.profiles.get(change.profile.iccid);
    return change.profile.version === 0 ? stored === undefined : stored?.version === change.profile.version;
  }
  if ('unchanged' in change)
    return disk.profiles.get(change.unchanged.iccid)?.version === change.unchanged.version;
  if ('use' in change) {
    const { iccid, eid, version } = change.use;
    return (disk.uses.get(`${iccid} ${eid}`)?.version ?? 0) === version;
  }
  return 'purge' in change ? disk.profiles.get(change.purge.iccid)?.version === change.purge.version : true;
}

function takesMatchingId({ profiles }: Disk, change: Change): boolean {
  if (!('profile' in change)) return false;
  const { profile } = change;
  const id = orderOf(profile)?.matchingId;
  if (id === undefined || id === '') return false;
  return [...profiles.values()].some((one) => one.iccid !== profile.iccid && orderOf(one)?.matchingId === id);
}

function apply(disk: Disk, change: Change): void {
  if ('session' in change) {
    const { session } = change;
    disk.sessions.set(session.transactionId, { ...session, version: session.version + 1 });
  } else if ('profile' in change) applyProfile(disk, change);
  else if ('use' in change) {
    const { use } = change;
    disk.uses.set(`${use.iccid} ${use.eid}`, { ...use, version: use.version + 1 });
  } else if ('latest' in change) applyLatest(disk, change.latest);
  else if ('event' in change) disk.events.push(change.event);
  else if ('purge' in change) applyPurge(disk, change.purge.iccid, change.purge.version);
}

function applyProfile(disk: Disk, { profile, content }: Extract<Change, { profile: Profile }>): void {
  const { iccid, version, state } = profile;
  const before = version === 0 ? (disk.formers.get(iccid) ?? 0) : version;
  disk.profiles.set(iccid, { ...profile, version: before + 1 });
  if (content !== undefined) disk.contents.set(iccid, content);
  if (version > 0 && (state === 'AVAILABLE' || state === 'UNAVAILABLE')) deleteUses(disk, iccid);
}

function deleteUses({ uses }: Disk, iccid: string): void {
  for (const key of [...uses.keys()]) if (key.startsWith(`${iccid} `)) uses.delete(key);
}

function applyLatest({ profiles }: Disk, latest: Released): void {
  const stored = profiles.get(latest.iccid);
  if (stored?.state !== 'RELEASED' || stored.order.id !== latest.order.id) return;
  const { device: _device, reason: _reason, ...same } = stored;
  const { device, reason } = latest;
  profiles.set(latest.iccid, { ...same, ...(device && { device }), ...(reason && { reason }) });
}

function applyPurge(disk: Disk, iccid: string, version: number): void {
  disk.profiles.delete(iccid);
  disk.contents.delete(iccid);
  disk.formers.set(iccid, version);
  deleteUses(disk, iccid);
  for (const [id, session] of disk.sessions)
    if ('iccid' in session && session.iccid === iccid) disk.sessions.delete(id);
}
