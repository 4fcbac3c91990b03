import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { CallFingerprint } from '@esim-rsp/smdp/state/calls';
import type { Change, Saved } from '@esim-rsp/smdp/state/change';
import type { ProfileContent } from '@esim-rsp/smdp/state/content';
import type { ProfileEvent } from '@esim-rsp/smdp/state/event';
import { orderOf, type Profile } from '@esim-rsp/smdp/state/profile';
import type { Session } from '@esim-rsp/smdp/state/session';
import type { Template } from '@esim-rsp/smdp/state/template';
import { shownProfile } from '../ports/shown-profile.ts';
import type { Account, ApiKey, ProfileFilter, ProfileList, ServerStore } from '../store.ts';
import { memoryAudit } from './audit.ts';
import { memoryEvents } from './events.ts';
import { memoryIdempotency } from './idempotency.ts';
import { memoryInventory } from './inventory.ts';
import { memoryOperators } from './operators.ts';
import { memoryOutbox } from './outbox.ts';
import { memoryTemplates } from './templates.ts';
import { memoryWebhooks } from './webhooks.ts';

type Tables = {
  readonly sessions: Map<string, Session>;
  readonly profiles: Map<string, Profile>;
  readonly contents: Map<string, ProfileContent>;
  readonly accounts: Map<string, Account>;
  readonly apiKeys: ApiKey[];
  /** By their ids. */
  readonly templates: Map<string, Template>;
  readonly addEvent: (event: ProfileEvent) => void;
};

/** A store that forgets everything when the process ends: for tests and trials. */
export function memoryStore(): ServerStore {
  const events = memoryEvents();
  const { outbox, forget } = memoryOutbox();
  const tables: Tables = {
    sessions: new Map(),
    profiles: new Map(),
    contents: new Map(),
    accounts: new Map(),
    apiKeys: [],
    templates: new Map(),
    addEvent: events.add,
  };
  return {
    session: async (transactionId) => tables.sessions.get(transactionId),
    profile: async (iccid) => tables.profiles.get(iccid),
    profileByMatchingId: async (matchingId) => withMatchingId(tables, matchingId),
    profilesWaitingFor: async (eid) => waitingFor(tables, eid),
    availableOfType: async (account, type, most) => ofType(tables, account, type).slice(0, most),
    knowsType: async (account, type) =>
      tables.profiles.values().some((one) => one.account === account && one.profileType === type),
    template: async (account, type) =>
      tables.templates.values().find((one) => one.account === account && one.profileType === type),
    iccidsBetween: async (first, last) =>
      [...tables.profiles.values()]
        .map(({ iccid }) => iccid)
        .filter((iccid) => first <= iccid && iccid <= last)
        .sort(),
    profileOrderedBy: async (account, call) => orderedBy(tables, account, call),
    content: async (iccid) => tables.contents.get(iccid),
    save: async (changes) => save(tables, changes),
    shownProfile: async (account, iccid) => {
      const profile = tables.profiles.get(iccid);
      return profile?.account === account ? shownProfile(profile) : undefined;
    },
    listProfiles: async (filter) => list(tables, filter),
    accounts: async () => accounts(tables),
    addAccount: async (account) => {
      if (tables.accounts.has(account.id)) return 'exists';
      tables.accounts.set(account.id, account);
      return 'added';
    },
    expireApiKey: async (account, id, expiresAt) => {
      const at = tables.apiKeys.findIndex((key) => key.account === account && key.id === id);
      const key = tables.apiKeys[at];
      if (key === undefined) return 'unknown';
      tables.apiKeys[at] = { ...key, expiresAt };
      return 'expires';
    },
    noteKeyUses: async (uses) => {
      for (const { id, at } of uses) {
        const found = tables.apiKeys.findIndex((key) => key.id === id);
        const key = tables.apiKeys[found];
        if (key !== undefined)
          tables.apiKeys[found] = { ...key, lastUsedAt: Math.max(at, key.lastUsedAt ?? 0) };
      }
    },
    addApiKey: async (key) => {
      tables.apiKeys.push(key);
    },
    apiKeys: async (account) => tables.apiKeys.filter((key) => key.account === account),
    profilesDue: async (now, count) => due(tables, now).slice(0, count),
    recentSessions: async (count) => recent(tables).slice(0, count),
    removeExpiredSessions: async (now) => removeExpired(tables, now),
    ...memoryAudit(),
    ...memoryIdempotency(),
    ...memoryOperators(),
    ...events.reader,
    ...memoryInventory(tables.profiles),
    ...outbox,
    ...memoryTemplates(tables.templates),
    ...memoryWebhooks(forget),
    close: async () => undefined,
  };
}

function recent({ sessions }: Tables): readonly Session[] {
  const openedAt = ({ journal }: Session) => journal?.[0]?.at ?? 0;
  return [...sessions.values()].sort((a, b) => openedAt(b) - openedAt(a));
}

function due({ profiles }: Tables, now: number): readonly Iccid[] {
  const isDue = (profile: Profile) => {
    const order = orderOf(profile);
    if (order?.returnsAt !== undefined) return order.returnsAt <= now;
    return profile.state === 'RELEASED' && !order?.reusable && (order?.expiresAt ?? now + 1) <= now;
  };
  return [...profiles.values()].filter(isDue).map(({ iccid }) => iccid);
}

function withMatchingId({ profiles }: Tables, matchingId: string): Profile | undefined {
  if (matchingId === '') return undefined;
  return profiles.values().find((profile) => orderOf(profile)?.matchingId === matchingId);
}

function waitingFor({ profiles }: Tables, eid: Eid): readonly Profile[] {
  const released = (profile: Profile) => orderOf(profile)?.releasedAt ?? 0;
  return [...profiles.values()]
    .filter(({ state }) => state === 'RELEASED' || state === 'DOWNLOADED')
    .filter((profile) => orderOf(profile)?.matchingId === '' && orderOf(profile)?.eid === eid)
    .sort((a, b) => released(a) - released(b) || a.iccid.localeCompare(b.iccid));
}

function ofType({ profiles }: Tables, account: string, type: string): readonly Profile[] {
  return [...profiles.values()]
    .filter((profile) => profile.account === account && profile.profileType === type)
    .filter(({ state }) => state === 'AVAILABLE')
    .sort((a, b) => a.changedAt - b.changedAt || (a.iccid < b.iccid ? -1 : 1));
}

function orderedBy({ profiles }: Tables, account: string, call: CallFingerprint): Profile | undefined {
  return profiles.values().find((one) => one.account === account && one.calls?.downloadOrder === call);
}

type RecordChange = Extract<Change, { readonly session: Session } | { readonly profile: Profile }>;

function isRecord(change: Change): change is RecordChange {
  return 'session' in change || 'profile' in change;
}

/** All changes or none: everything is checked before anything is written. */
function save(tables: Tables, changes: readonly Change[]): Saved {
  const { sessions, profiles, contents } = tables;
  const named = new Set<string>();
  const records = changes.filter(isRecord);
  for (const change of records) {
    const key = 'session' in change ? change.session.transactionId : change.profile.iccid;
    const stored = 'session' in change ? sessions.get(key) : profiles.get(key);
    const { version } = 'session' in change ? change.session : change.profile;
    if ((stored?.version ?? 0) !== version || named.has(key)) return 'stale';
    named.add(key);
    if ('profile' in change && callTaken(tables, change.profile)) return 'stale';
  }
  if (matchingIdTaken(tables, records)) return 'matchingIdTaken';
  for (const change of changes) {
    if ('event' in change) tables.addEvent(change.event);
    else if ('passed' in change) pass(tables, change.passed);
    else if ('session' in change) {
      const { session } = change;
      sessions.set(session.transactionId, { ...session, version: session.version + 1 });
    } else {
      const { profile, content } = change;
      profiles.set(profile.iccid, { ...profile, version: profile.version + 1 });
      if (content !== undefined) contents.set(profile.iccid, content);
    }
  }
  return 'saved';
}

function pass({ templates }: Tables, { template: id, numbers }: { template: string; numbers: number }): void {
  const template = templates.get(id);
  if (template !== undefined) templates.set(id, { ...template, passed: Math.max(numbers, template.passed) });
}

function callTaken(tables: Tables, { iccid, account, calls }: Profile): boolean {
  const call = calls?.downloadOrder;
  const holder = call === undefined ? undefined : orderedBy(tables, account, call);
  return holder !== undefined && holder.iccid !== iccid;
}

function matchingIdTaken(tables: Tables, records: readonly RecordChange[]): boolean {
  const holders = new Map<string, string>();
  for (const change of records) {
    if ('session' in change) continue;
    const matchingId = orderOf(change.profile)?.matchingId ?? '';
    if (matchingId === '') continue;
    const holder = holders.get(matchingId) ?? withMatchingId(tables, matchingId)?.iccid;
    if (holder !== undefined && holder !== change.profile.iccid) return true;
    holders.set(matchingId, change.profile.iccid);
  }
  return false;
}

function accounts(tables: Tables): readonly Account[] {
  return [...tables.accounts.values()].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

function list({ profiles }: Tables, { account, state, count, offset }: ProfileFilter): ProfileList {
  const found = [...profiles.values()]
    .filter((profile) => profile.account === account && (state === undefined || profile.state === state))
    .sort((a, b) => (a.iccid < b.iccid ? -1 : 1));
  return { total: found.length, profiles: found.slice(offset, offset + count).map(shownProfile) };
}

function removeExpired({ sessions }: Tables, now: number): number {
  const expired = [...sessions.values()].filter(({ expiresAt }) => expiresAt < now);
  for (const { transactionId } of expired) sessions.delete(transactionId);
  return expired.length;
}
