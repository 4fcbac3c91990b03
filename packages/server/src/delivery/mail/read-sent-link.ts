import type { InstallLinkStore } from '../../store/ports/install/links.ts';
import type { Delivery, Facts } from '../../store/ports/outbox.ts';
import type { ReadSecretValues } from './kinds.ts';

/** The hash of the link that a mail is about, among its facts. */
const LINK_ID = 'link_id';

export function linkFact(hash: string): Facts {
  return { [LINK_ID]: hash };
}

/** The hash of the link that a mail has sent; undefined: it has sent none. */
export function sentLinkOf({ facts }: Pick<Delivery, 'facts'>): string | undefined {
  return facts?.[LINK_ID];
}

/** Reads the URL of an install link when its mail is sent. A link that has expired or was revoked, or whose order has a newer one, is not sent. */
export function readSentLink(store: Pick<InstallLinkStore, 'installLink' | 'sentUrl'>): ReadSecretValues {
  return async (delivery) => {
    const id = sentLinkOf(delivery) ?? '';
    const expiresAt = (await store.installLink(id))?.expiresAt ?? 0;
    const link = expiresAt <= Date.now() ? undefined : await store.sentUrl(id);
    return link === undefined ? undefined : { link };
  };
}
