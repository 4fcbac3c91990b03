import type { CoreNetwork, CoreNetworkStore } from '../../store/ports/gateway/core-networks.ts';
import type { AlertStore } from '../../store/ports/mail/alerts.ts';
import type { Outcome } from '../channel.ts';
import { alertMails } from '../mail/alert-mails.ts';

/** A core network that restarts is no reason for an alert. */
export const ALERT_AFTER_MS = 10 * 60_000;

type Recorded = { readonly core: CoreNetwork; readonly outcome: Outcome; readonly sendsMail: boolean };

/** Stores since when a core network fails, and raises one alert when that has lasted. */
export async function recordFailing(
  store: CoreNetworkStore & Pick<AlertStore, 'mailRecipients'>,
  { core, outcome, sendsMail }: Recorded,
  now: number,
): Promise<void> {
  const { account, name } = core;
  if (failingAfter(core, outcome, now) === core) return;
  const isAlert = isRaised(core, failingAfter(core, outcome, now));
  const recipients = isAlert && sendsMail ? await store.mailRecipients(account) : [];
  await store.updateCoreNetwork(
    account,
    name,
    (before) => failingAfter(before, outcome, now),
    (before, after) => {
      const { failing } = after;
      if (failing === undefined || !isRaised(before, after)) return [];
      const since = new Date(failing.since).toISOString();
      const facts = { core_network: name, reason: failing.error, since };
      return alertMails(recipients, 'core_network_failing', facts, now);
    },
  );
}

function isRaised(before: CoreNetwork, after: CoreNetwork): boolean {
  return after.failing?.isReported === true && before.failing?.isReported !== true;
}

/** The record after an attempt; the same one if the attempt says nothing new. */
export function failingAfter(core: CoreNetwork, outcome: Outcome, now: number): CoreNetwork {
  const { failing, ...others } = core;
  if (outcome.state === 'skipped') return core;
  if (outcome.state === 'delivered') return failing === undefined ? core : others;
  const since = failing?.since ?? now;
  const isReported = failing?.isReported === true || now - since >= ALERT_AFTER_MS;
  if (failing?.error === outcome.error && failing.isReported === isReported) return core;
  return { ...core, failing: { since, error: outcome.error, isReported } };
}
