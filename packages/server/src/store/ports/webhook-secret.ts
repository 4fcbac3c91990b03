import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { makeUnprintable } from '@esim-rsp/sgp22/crypto/secret';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';

/** Signs the messages to an endpoint. Only `formatSecret` prints it. */
export type WebhookSecret = { readonly key: Uint8Array };

const PREFIX = 'whsec_';
/** Octets, as Standard Webhooks 1.0 has it. */
const [LEAST, MOST] = [24, 64];

export function makeSecret(key: Uint8Array): WebhookSecret {
  return makeUnprintable('WebhookSecret', { key: new Uint8Array(key) });
}

export function generateSecret(random: Random): WebhookSecret {
  return makeSecret(random(32));
}

/** `whsec_` and base64; throws a ValueError that does not quote it. */
export function parseSecret(text: string): WebhookSecret {
  const base64 = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  const key = Buffer.from(base64, 'base64');
  if (key.length < LEAST || key.length > MOST || key.toString('base64') !== base64)
    throw new ValueError(`must be ${PREFIX} and base64 of ${LEAST} to ${MOST} random octets`, {
      field: 'secret',
    });
  return makeSecret(key);
}

/** `whsec_` and base64, for the owner of the endpoint. */
export function formatSecret({ key }: WebhookSecret): string {
  return PREFIX + Buffer.from(key).toString('base64');
}
