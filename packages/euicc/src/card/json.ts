import { fromHex, toHex } from '@esim-rsp/codec';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Card, withoutSession } from './card.ts';

/** Writes a card as JSON text. The text holds keys: keep it secret. The session is left out, as on a card without power. */
export function cardToJson(card: Card): string {
  return JSON.stringify(plain(withoutSession(card)), null, 1);
}

/** Reads what `cardToJson` wrote; throws a ValueError for anything else. */
export function cardFromJson(text: string): Card {
  let read: unknown;
  try {
    read = JSON.parse(text, (_name, value) => (isHex(value) ? fromHex(value.$hex) : value));
  } catch (error) {
    throw new ValueError('this is not a card: it is not the JSON that esim phone create writes', {
      cause: error,
    });
  }
  if (!isCard(read)) throw new ValueError('this is not a card: members are missing');
  return read;
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $hex: toHex(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

function isHex(value: unknown): value is { readonly $hex: string } {
  return typeof value === 'object' && value !== null && '$hex' in value && typeof value.$hex === 'string';
}

const lists = ['ciCertificates', 'credentials', 'profiles', 'notifications', 'oneTimeKeys'];

function isCard(value: unknown): value is Card {
  if (typeof value !== 'object' || value === null) return false;
  const members = value as Record<string, unknown>;
  return (
    typeof members.eid === 'string' &&
    typeof members.nextSeqNumber === 'number' &&
    typeof members.memory === 'number' &&
    typeof members.defaultDpAddress === 'string' &&
    lists.every((name) => Array.isArray(members[name]))
  );
}
