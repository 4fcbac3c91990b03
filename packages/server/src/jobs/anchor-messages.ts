import { signAccountAnchor } from '../chain/anchor.ts';
import type { AnchorKey } from '../chain/anchor-key.ts';
import type { Anchor, Chain } from '../store/ports/logs/chains.ts';
import type { NewDelivery } from '../store/ports/outbox.ts';
import { ANCHOR_EVENT_TYPE } from '../store/ports/webhook-event-types.ts';
import type { WebhookEndpoint } from '../store/ports/webhooks.ts';

/** The target of deliveries to the webhook of the server. */
const ANCHOR_TARGET = 'anchors';

/** What leaves the server with an anchor. */
export type AnchorReaders = {
  /** The webhooks of all accounts. */
  readonly endpoints: readonly WebhookEndpoint[];
  /** Whether the server has a webhook of its own, which gets the whole anchor. */
  readonly isSentWhole: boolean;
};

/** The messages about an anchor: to the webhook of the server, and to those of accounts an anchor of their own chains. */
export function anchorMessages(
  key: AnchorKey,
  anchor: Anchor,
  chains: readonly Chain[],
  { endpoints, isSentWhole }: AnchorReaders,
): readonly NewDelivery[] {
  const { number, at } = anchor;
  const message = { type: ANCHOR_EVENT_TYPE, iccid: '', createdAt: at };
  const whole: NewDelivery = {
    ...message,
    kind: 'anchor',
    target: ANCHOR_TARGET,
    account: '',
    facts: { key: key.id, number: String(number) },
  };
  const byAccount = Map.groupBy(chains, ({ account }) => account);
  const toAccounts = [...Map.groupBy(endpoints.filter(isReader), ({ account }) => account)].flatMap(
    ([account, readers]) => {
      const own = byAccount.get(account);
      if (own === undefined) return [];
      const facts = { at: String(at), line: signAccountAnchor(key, anchor, account, own) };
      return readers.map(
        ({ id }): NewDelivery => ({ ...message, kind: 'webhook', target: id, account, facts }),
      );
    },
  );
  return [...(isSentWhole ? [whole] : []), ...toAccounts];
}

function isReader({ disabled, events }: WebhookEndpoint): boolean {
  return disabled === undefined && (events.includes('*') || events.includes(ANCHOR_EVENT_TYPE));
}
