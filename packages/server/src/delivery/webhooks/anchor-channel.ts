import type { ChainStore } from '../../store/ports/logs/chains.ts';
import type { WebhookSecret } from '../../store/ports/webhook-secret.ts';
import type { Channel } from '../channel.ts';
import { anchorPayload } from './payload.ts';
import { type SendOptions, sendSigned } from './send.ts';

/** Who gets the anchors of the whole server. */
export type AnchorWebhook = { readonly url: string; readonly secret: WebhookSecret };

/** Sends the anchors of all accounts to the webhook of the server. `webhook`: absent on a server that is not configured for it. */
export function anchorChannel(
  store: Pick<ChainStore, 'anchors'>,
  webhook: AnchorWebhook | undefined,
  options: Omit<SendOptions, 'allowPrivate'>,
): Channel {
  return {
    kind: 'anchor',
    subscribers: async () => [],
    send: async (delivery, _event, attempt) => {
      if (webhook === undefined)
        return { state: 'refused', error: 'ESIM_AUDIT_ANCHOR_WEBHOOK_URL is not set on this server' };
      const { key = '', number = '' } = delivery.facts ?? {};
      const [anchor] = await store.anchors({ key, number: Number(number) - 1 }, 1);
      if (anchor?.key !== key || anchor.number !== Number(number))
        return { state: 'skipped', error: 'the anchor is no longer stored' };
      const body = anchorPayload(anchor.line, anchor.at);
      return sendSigned(webhook, { delivery, body }, { ...options, allowPrivate: true }, attempt);
    },
  };
}
