import { alertMails } from '../delivery/mail/alert-mails.ts';
import { newMail } from '../delivery/mail/new-mail.ts';
import type { Log } from '../log/log.ts';
import type { InventoryStore } from '../store/ports/inventory.ts';
import type { LeaseStore } from '../store/ports/logs/chains.ts';
import { type AlertStore, type StockLimit, stockSubject } from '../store/ports/mail/alerts.ts';
import type { NewDelivery } from '../store/ports/outbox.ts';
import { STOCK_EVENT_TYPE } from '../store/ports/webhook-event-types.ts';
import type { WebhookStore } from '../store/ports/webhooks.ts';
import { startJob } from './job.ts';

const INTERVAL_MS = 10_000;
/** Longer than a run takes. A node that crashes keeps the others away for as long. */
const LEASE_MS = 120_000;

/** A certificate that the server uses, with its end in Unix milliseconds. */
export type EndingCertificate = { readonly name: string; readonly notAfter: number };

type AlertRecords = AlertStore & InventoryStore & Pick<WebhookStore, 'webhooks'>;

export type AlertJob = {
  readonly store: AlertRecords & LeaseStore;
  /** The name of this process among those that share the store. */
  readonly node: string;
  readonly certificates: () => readonly EndingCertificate[];
  /** The name of the server in alerts about it. */
  readonly server: string;
  /** Who gets alerts about the server, as mail addresses. */
  readonly alertsTo: readonly string[];
  /** Whether alerts are sent by mail; webhooks get theirs in any case. */
  readonly sendsMail: boolean;
  readonly everyMs?: number;
  readonly log: Pick<Log, 'error'>;
};

/**
 * Starts a job that raises alerts, on one node at a time: certificates that end soon, and low stock. Each is raised once, because its level and its
 * messages are stored together. The returned function stops it and waits for the current run.
 */
export function startAlertJob(job: AlertJob): () => Promise<void> {
  return startJob('raise_alerts', { everyMs: job.everyMs ?? INTERVAL_MS }, async () => {
    const now = Date.now();
    try {
      const lease = { name: 'alerts', node: job.node, now, until: now + LEASE_MS };
      if (!(await job.store.takeLease(lease))) return;
      await raiseCertificateAlerts(job, now);
      await raiseStockAlerts(job, now);
    } catch (error) {
      job.log.error('alerts could not be raised; the server tries again', { err: error });
    }
  });
}

/** Days before the end of a certificate at which an alert is raised. */
const THRESHOLDS = [30, 14, 7, 1] as const;
const DAY_MS = 86_400_000;

/** The last threshold that a certificate has reached; undefined: none. */
export function thresholdOf({ notAfter }: EndingCertificate, now: number): number | undefined {
  const days = Math.floor((notAfter - now) / DAY_MS);
  return THRESHOLDS.findLast((threshold) => days <= threshold);
}

/** An alert for each certificate and threshold. Its level is the threshold. */
export async function raiseCertificateAlerts(
  { store, certificates, server, alertsTo, sendsMail }: Omit<AlertJob, 'log' | 'node'>,
  now: number,
): Promise<void> {
  if (!sendsMail || alertsTo.length === 0) return;
  const levels = new Map((await store.alerts('')).map(({ subject, level }) => [subject, level]));
  for (const certificate of certificates()) {
    const level = thresholdOf(certificate, now);
    const { name, notAfter } = certificate;
    const subject = `certificate ${name} ${notAfter}`;
    const from = levels.get(subject);
    if (level === undefined || (from !== undefined && from <= level)) continue;
    const facts = {
      server,
      certificate: name,
      days_left: String(Math.floor((notAfter - now) / DAY_MS)),
      ends_on: new Date(notAfter).toISOString().slice(0, 10),
    };
    const mails = alertsTo.map((to) =>
      newMail({ kind: 'certificate_expiry', to, language: 'en', account: '', facts, createdAt: now }),
    );
    await store.moveAlert(
      { account: '', subject, level, at: now, ...(from !== undefined && { from }) },
      mails,
    );
    levels.set(subject, level);
  }
}

/** The level of an alert about stock. */
const [ENOUGH, LOW] = [0, 1];

/** An alert for each type whose stock has fallen to its limit, and again only after it was above. */
export async function raiseStockAlerts(
  { store, sendsMail }: Pick<AlertJob, 'sendsMail'> & { readonly store: AlertRecords },
  now: number,
): Promise<void> {
  const byAccount = Map.groupBy(await store.stockLimits(), ({ account }) => account);
  for (const [account, limits] of byAccount) {
    const levels = new Map((await store.alerts(account)).map(({ subject, level }) => [subject, level]));
    const stock = await availableByType(store, account);
    for (const limit of limits) {
      const subject = stockSubject(limit.profileType);
      const from = levels.get(subject);
      const available = stock.get(limit.profileType) ?? 0;
      const level = available <= limit.lowAt ? LOW : ENOUGH;
      if (level === (from ?? ENOUGH)) continue;
      const deliveries =
        level === LOW ? await stockMessages(store, limit, { available, sendsMail, now }) : [];
      await store.moveAlert(
        { account, subject, level, at: now, ...(from !== undefined && { from }) },
        deliveries,
      );
    }
  }
}

/** Pairs of a type and a state that one read examines. */
const PAGE = 1000;

async function availableByType(store: InventoryStore, account: string): Promise<ReadonlyMap<string, number>> {
  const stock = new Map<string, number>();
  for (let after: string | undefined; ; ) {
    const { counts, next } = await store.profileTypes({
      account,
      most: PAGE,
      ...(after !== undefined && { after }),
    });
    for (const { profileType, state, count } of counts)
      if (state === 'AVAILABLE') stock.set(profileType, count);
    if (next === undefined) return stock;
    after = next;
  }
}

type Situation = { readonly available: number; readonly sendsMail: boolean; readonly now: number };

/** Mail to the recipients of the account, and messages to the webhooks that subscribe to it. */
async function stockMessages(
  store: AlertRecords,
  { account, profileType, lowAt }: StockLimit,
  { available, sendsMail, now }: Situation,
): Promise<readonly NewDelivery[]> {
  const facts = {
    profile_type: profileType,
    available: String(available),
    low_stock_at: String(lowAt),
  };
  const recipients = sendsMail ? await store.mailRecipients(account) : [];
  const targets = (await store.webhooks(account)).filter(
    ({ disabled, events }) => !disabled && (events.includes('*') || events.includes(STOCK_EVENT_TYPE)),
  );
  const webhooks = targets.map(({ id }) => ({
    ...{ kind: 'webhook' as const, target: id, account, type: STOCK_EVENT_TYPE, iccid: '' },
    facts: { ...facts, at: String(now) },
    createdAt: now,
  }));
  return [...alertMails(recipients, 'low_stock', facts, now), ...webhooks];
}
