import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Store } from '@esim-rsp/smdp/ports';
import type { ProfileState } from '@esim-rsp/smdp/state/profile';
import type { Session } from '@esim-rsp/smdp/state/session';
import type { AuditStore } from './ports/audit.ts';
import type { EventStore } from './ports/events.ts';
import type { IdempotencyStore } from './ports/idempotency.ts';
import type { InventoryStore } from './ports/inventory.ts';
import type { OperatorStore } from './ports/operators.ts';
import type { OutboxStore } from './ports/outbox.ts';
import type { Scope } from './ports/scopes.ts';
import type { ShownProfile } from './ports/shown-profile.ts';
import type { TemplateStore } from './ports/templates.ts';
import type { WebhookStore } from './ports/webhooks.ts';

/** Who owns profiles and calls the REST API. */
export type Account = {
  /** Sent as x-user-id. */
  readonly id: string;
  readonly name: string;
  /** Unix seconds. */
  readonly createdAt: number;
};

/** An API key as it is kept: only its SHA-256. */
export type ApiKey = {
  readonly id: string;
  readonly account: string;
  readonly hash: Uint8Array;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly scope: Scope;
  /** What people call it. */
  readonly name?: string;
  /** Unix seconds: from then on it is worth nothing. */
  readonly expiresAt?: number;
  /** Unix seconds, give or take a minute. */
  readonly lastUsedAt?: number;
};

export type ProfileList = { readonly total: number; readonly profiles: readonly ShownProfile[] };

export type ProfileFilter = {
  readonly account: string;
  readonly state?: ProfileState;
  readonly count: number;
  readonly offset: number;
};

/** All that the process keeps: the SM-DP+'s records, and the accounts of the REST API. */
export interface ServerStore
  extends Store,
    AuditStore,
    IdempotencyStore,
    OperatorStore,
    EventStore,
    InventoryStore,
    OutboxStore,
    TemplateStore,
    WebhookStore {
  /** What is shown of a profile; undefined: the account has none of this ICCID. */
  shownProfile(account: string, iccid: Iccid): Promise<ShownProfile | undefined>;
  /** One account's profiles by ICCID, `count` of them from `offset` on. */
  listProfiles(filter: ProfileFilter): Promise<ProfileList>;
  /** Those whose time has come (Unix seconds): a cool-down is over, or a RELEASED order that is for one download has expired. */
  profilesDue(now: number, count: number): Promise<readonly Iccid[]>;
  accounts(): Promise<readonly Account[]>;
  /** `exists`: an account of that id is there already; nothing was changed. */
  addAccount(account: Account): Promise<'added' | 'exists'>;
  addApiKey(key: ApiKey): Promise<void>;
  /** `unknown`: no key of the account has this id. Unix seconds. */
  expireApiKey(account: string, id: string, expiresAt: number): Promise<'expires' | 'unknown'>;
  /** Unix seconds; an earlier time than the known one changes nothing. */
  noteKeyUses(uses: readonly { readonly id: string; readonly at: number }[]): Promise<void>;
  /** Every key of one account. */
  apiKeys(account: string): Promise<readonly ApiKey[]>;
  /** The `count` sessions that were opened last, those first. */
  recentSessions(count: number): Promise<readonly Session[]>;
  /** Removes sessions that expired before `now` (Unix milliseconds); resolves to how many. */
  removeExpiredSessions(now: number): Promise<number>;
  /** Settles when what was saved is durable and the files are closed. */
  close(): Promise<void>;
}
