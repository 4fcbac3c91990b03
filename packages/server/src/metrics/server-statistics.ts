import { X509Certificate } from 'node:crypto';
import { Gauge, Registry } from 'prom-client';
import type { OwnCertificate } from '../keys/own-certificates.ts';
import { takeTurn } from '../limits/turns.ts';
import type { EventStore } from '../store/ports/events.ts';
import type { OperationStore, Reservations } from '../store/ports/gateway/operations.ts';
import { faultOf, mostLookedAt } from '../store/ports/gateway/reservations.ts';
import type { UpstreamStore, UpstreamType } from '../store/ports/gateway/upstreams.ts';
import type { PendingStatistics, ProfileCount, StatisticsStore } from '../store/ports/health.ts';
import { type ChainStore, logNames } from '../store/ports/logs/chains.ts';
import { deliveryKinds, type OutboxStore } from '../store/ports/outbox.ts';
import type { UnreadableRowStore } from '../store/ports/unreadable-rows.ts';
import { addGauge, type DeliveryTarget } from './metrics.ts';

export type ServerStatistics = {
  readonly store: StatisticsStore &
    Pick<EventStore, 'lastEventId'> &
    Pick<OutboxStore, 'fanOutPosition'> &
    Pick<ChainStore, 'lastAnchor' | 'unchainedEntries'> &
    UnreadableRowStore &
    Pick<UpstreamStore, 'upstreams' | 'typesKeptReady'> &
    Pick<OperationStore, 'reservations'>;
  readonly certificates: () => readonly OwnCertificate[];
  /** Why the server cannot serve, a sentence each. */
  readonly readiness: () => Promise<readonly string[]>;
  /** Bytes of the files of the store, by what they are. */
  readonly storeBytes: () => Promise<Readonly<Record<string, number>>>;
  /** Bytes that are free where the store is. */
  readonly freeBytes: () => Promise<number | undefined>;
  /** When the last backup was written, in Unix milliseconds; undefined: never. */
  readonly lastBackupAt: () => Promise<number | undefined>;
  /** Types of profiles that have a line of their own. */
  readonly profileTypes: number;
};

/** Of the pending deliveries of a kind: more are not counted. */
export const MOST_PENDING = 5000;
const PAGE = 1000;
const SOON_DAYS = 7;

/** Statistics that are the same whichever worker reads them: those of the store, the files and the certificates. */
export function createServerStatistics(statistics: ServerStatistics): Registry {
  const registry = new Registry();
  addHealth(registry, statistics);
  addCertificates(registry, statistics.certificates);
  addUpstreams(registry, statistics);
  addReady(registry, statistics);
  addStock(registry, statistics);
  addOutbox(registry, statistics);
  addChains(registry, statistics);
  addFiles(registry, statistics);
  return registry;
}

function addHealth(registry: Registry, { readiness, store }: ServerStatistics): void {
  addGauge(registry, 'esim_ready', '1 if the server can serve (the answer of /readyz)', async () =>
    (await readiness()).length === 0 ? 1 : 0,
  );
  addGauge(
    registry,
    'esim_store_unreadable_rows',
    'Rows that could not be read since the start',
    () => store.unreadableRows().length,
  );
  addGauge(registry, 'esim_api_keys_expiring', `API keys that expire within ${SOON_DAYS} days`, () => {
    const now = Math.floor(Date.now() / 1000);
    return known(store.keysExpiringBetween(now, now + SOON_DAYS * 86_400));
  });
}

function addCertificates(registry: Registry, certificates: ServerStatistics['certificates']): void {
  new Gauge({
    name: 'esim_certificate_expiry_timestamp_seconds',
    help: 'When a certificate that the server uses, or a CI that it trusts, expires',
    labelNames: ['role', 'subject', 'curve', 'key_id'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { role, certificate } of certificates()) {
        const { subject, curve = '', subjectKeyIdentifier, notAfter } = certificate;
        const key_id = Buffer.from(subjectKeyIdentifier ?? []).toString('hex');
        const name = subject.commonName ?? subject.organization ?? '';
        this.set({ role, subject: name, curve, key_id }, notAfter / 1000);
      }
    },
  });
}

/** Upstreams that have a line of their own: those whose certificate expires first. */
const MOST_UPSTREAMS = 100;

function addUpstreams(registry: Registry, { store }: ServerStatistics): void {
  new Gauge({
    name: 'esim_upstream_certificate_expiry_timestamp_seconds',
    help: 'When the client certificate for an upstream expires',
    labelNames: ['account', 'upstream'],
    registers: [registry],
    async collect() {
      const upstreams = (await known(store.upstreams())) ?? [];
      this.reset();
      const expiries = upstreams.map(({ account, name, client }) => ({
        account,
        upstream: name,
        at: new X509Certificate(client.certificate).validToDate.getTime(),
      }));
      for (const { account, upstream, at } of expiries.sort((a, b) => a.at - b.at).slice(0, MOST_UPSTREAMS))
        this.set({ account, upstream }, at / 1000);
    },
  });
}

/** Types of upstreams that have a line of their own. */
const MOST_READY_TYPES = 100;

function addReady(registry: Registry, { store }: ServerStatistics): void {
  const read = together(async () => {
    const types = ((await known(store.typesKeptReady())) ?? []).slice(0, MOST_READY_TYPES);
    return Promise.all(
      types.map(async (type) => ({ type, found: await known(store.reservations(type, mostLookedAt(type))) })),
    );
  });
  const gauge = (name: string, help: string, numberIn: (found: Reservations, type: UpstreamType) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['account', 'upstream', 'profile_type'],
      registers: [registry],
      async collect() {
        const all = await read();
        this.reset();
        for (const { type, found } of all)
          if (found !== undefined)
            this.set(
              { account: type.account, upstream: type.upstream, profile_type: type.profileType },
              numberIn(found, type),
            );
      },
    });
  gauge('esim_upstream_ready_profiles', 'Profiles that an upstream keeps ready', ({ ready }) => ready);
  gauge(
    'esim_upstream_ready_mark',
    'Below this number of profiles that are ready, more are ordered ahead',
    (_found, { keepReady }) => keepReady,
  );
  gauge(
    'esim_upstream_reservations_failing',
    '1 if the last order ahead at an upstream was not done',
    (found) => (faultOf(found) === undefined ? 0 : 1),
  );
}

/** The name of all types together that have no line of their own. */
export const OTHER_TYPES = 'other types';

function addStock(registry: Registry, { store, profileTypes }: ServerStatistics): void {
  const counts = together(async () => (await known(readCounts(store))) ?? []);
  new Gauge({
    name: 'esim_profiles',
    help: 'Profiles of all accounts, by state',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const all = await counts();
      this.reset();
      for (const { profileType, state, count } of all) if (profileType === '') this.inc({ state }, count);
    },
  });
  new Gauge({
    name: 'esim_stock_profiles',
    help: 'Profiles of all accounts that are AVAILABLE, by type',
    labelNames: ['profile_type'],
    registers: [registry],
    async collect() {
      const all = await counts();
      this.reset();
      for (const [profile_type, count] of stockByType(all, profileTypes)) this.set({ profile_type }, count);
    },
  });
}

/** Reads once for all that ask while it reads. */
function together<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= read().finally(() => {
      running = undefined;
    });
    return running;
  };
}

async function readCounts(store: StatisticsStore): Promise<readonly ProfileCount[]> {
  const counts: ProfileCount[] = [];
  for (;;) {
    const page = await store.profileCounts(counts.at(-1), PAGE);
    counts.push(...page);
    if (page.length < PAGE) return counts;
    await takeTurn();
  }
}

/** The stock of the types with the most profiles, and of all others together. A type without profiles has none. */
export function stockByType(counts: readonly ProfileCount[], most: number): readonly [string, number][] {
  const types = new Map<string, { all: number; available: number }>();
  for (const { profileType, state, count } of counts) {
    if (profileType === '') continue;
    const type = types.get(profileType) ?? { all: 0, available: 0 };
    types.set(profileType, type);
    type.all += count;
    if (state === 'AVAILABLE') type.available += count;
  }
  const sorted = [...types].filter(([, { all }]) => all > 0).sort(([, a], [, b]) => b.all - a.all);
  const own = sorted.slice(0, most).map(([name, { available }]) => [name, available] as [string, number]);
  const others = sorted.slice(most);
  if (others.length === 0) return own;
  return [...own, [OTHER_TYPES, others.reduce((sum, [, { available }]) => sum + available, 0)]];
}

export const targetOf: Readonly<Record<(typeof deliveryKinds)[number], DeliveryTarget>> = {
  webhook: 'webhook',
  es2: 'operator',
  mail: 'mail',
  core: 'core_network',
  anchor: 'anchor',
};

function addOutbox(registry: Registry, { store }: ServerStatistics): void {
  addGauge(registry, 'esim_outbox_events', 'Events from which no deliveries were made yet', async () => {
    const [last, position] = await Promise.all([known(store.lastEventId()), known(store.fanOutPosition())]);
    return last === undefined || position === undefined ? undefined : Math.max(0, last - position);
  });
  const pending = together(() =>
    Promise.all(
      deliveryKinds.map(async (kind) => ({
        target: targetOf[kind],
        statistics: await known(store.pendingStatistics(kind, MOST_PENDING)),
      })),
    ),
  );
  const gauge = (name: string, help: string, read: (statistics: PendingStatistics) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['target'],
      registers: [registry],
      async collect() {
        const kinds = await pending();
        this.reset();
        for (const { target, statistics } of kinds) if (statistics) this.set({ target }, read(statistics));
      },
    });
  gauge(
    'esim_outbox_deliveries',
    `Deliveries that are pending, at most ${MOST_PENDING} of each kind of target`,
    ({ count }) => count,
  );
  gauge('esim_outbox_lag_seconds', 'How long the oldest pending delivery waits', ({ oldestAt }) =>
    oldestAt === undefined ? 0 : Math.max(0, (Date.now() - oldestAt) / 1000),
  );
}

function addChains(registry: Registry, { store }: ServerStatistics): void {
  addGauge(
    registry,
    'esim_audit_unchained_entries',
    `Entries of the audit log and events that are not chained yet, at most ${MOST_PENDING} of each`,
    async () => {
      const counts = logNames.map((log) => known(store.unchainedEntries(log, MOST_PENDING)));
      const found = (await Promise.all(counts)).filter((count) => count !== undefined);
      return found.length < counts.length ? undefined : found.reduce((sum, count) => sum + count, 0);
    },
  );
  addGauge(
    registry,
    'esim_audit_anchor_timestamp_seconds',
    'When the heads of the logs were last signed; absent: never',
    async () => {
      const anchor = await known(store.lastAnchor());
      return anchor === undefined ? undefined : anchor.at / 1000;
    },
  );
}

function addFiles(registry: Registry, { storeBytes, freeBytes, lastBackupAt }: ServerStatistics): void {
  new Gauge({
    name: 'esim_store_size_bytes',
    help: 'Size of the files of the store',
    labelNames: ['file'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const [file, bytes] of Object.entries((await known(storeBytes())) ?? {}))
        this.set({ file }, bytes);
    },
  });
  addGauge(
    registry,
    'esim_store_free_bytes',
    'Bytes that are free on the disk of the store, if that is SQLite',
    () => known(freeBytes()),
  );
  addGauge(
    registry,
    'esim_backup_last_timestamp_seconds',
    'When the last backup was written; absent: never',
    async () => {
      const at = await known(lastBackupAt());
      return at === undefined ? undefined : at / 1000;
    },
  );
}

/** A store that cannot be read has no statistics; the other metrics are more important than ever then. */
async function known<T>(statistic: Promise<T>): Promise<T | undefined> {
  try {
    return await statistic;
  } catch {
    return undefined;
  }
}
