import { parseActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { isMatchingId, type MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { msisdnDigits } from '@esim-rsp/sgp22/value/msisdn';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { InventoryFilter } from '../../store/ports/inventory.ts';

export const foundBy = ['iccid', 'eid', 'imsi', 'msisdn', 'matching_id'] as const;
export type FoundBy = (typeof foundBy)[number];

/** Where a text is looked for: in a list of profiles that an index begins at, or as a MatchingID, which is ours or that of an upstream. */
export type Place =
  | { readonly by: Exclude<FoundBy, 'matching_id'>; readonly filter: Partial<InventoryFilter> }
  | { readonly by: 'matching_id'; readonly matchingId: MatchingId }
  | { readonly by: 'matching_id'; readonly upstreamMatchingId: string };

/** Shorter ones begin too many numbers. */
const LEAST_DIGITS = 4;

/** Everything that a text can be, the most likely first. Spaces and what people write between groups of digits do not matter. */
export function placesOf(text: string): readonly Place[] {
  return [...ownPlaces(text), ...upstreamPlaces(text)];
}

function ownPlaces(text: string): readonly Place[] {
  const digits = text.replace(/[\s.()/-]/g, '').replace(/^\+/, '');
  if (!/^\d+$/.test(digits)) return matchingIdPlaces(text.trim());
  if (digits.length < LEAST_DIGITS) return [];
  if (digits.length === 32) return [{ by: 'eid', filter: { eid: digits } }];
  const places: Place[] = [];
  if (digits.startsWith('8') && digits.length <= 20)
    places.push({ by: 'iccid', filter: { iccidPrefix: digits } });
  if (digits.length <= 15 && !text.includes('+'))
    places.push({ by: 'imsi', filter: { order: 'imsi', imsiPrefix: digits } });
  if (digits.length <= 20) places.push({ by: 'msisdn', filter: { msisdnDigits: msisdnDigits(digits) } });
  return [...places, ...matchingIdPlaces(text.trim())];
}

function matchingIdPlaces(text: string): readonly Place[] {
  const matchingId = /^(LPA:)?1\$/i.test(text) ? matchingIdIn(text) : text.toUpperCase();
  return matchingId !== undefined && matchingId.length >= LEAST_DIGITS && isMatchingId(matchingId)
    ? [{ by: 'matching_id', matchingId }]
    : [];
}

/** The MatchingIDs of vendors have any length and any alphabet, and case matters; only spaces around a text may be those of who has pasted it. */
function upstreamPlaces(text: string): readonly Place[] {
  const found = new Set([text, text.trim()].map(tokenIn));
  return [...found].flatMap((upstreamMatchingId) =>
    upstreamMatchingId ? [{ by: 'matching_id', upstreamMatchingId }] : [],
  );
}

/** The MatchingID in an activation code, or the text, which is none. */
function tokenIn(text: string): string | undefined {
  const [format = '', address, token] = text.split('$');
  if (address === undefined) return text;
  return /^\s*(LPA:)?1$/i.test(format) ? token : undefined;
}

function matchingIdIn(code: string): string | undefined {
  try {
    return parseActivationCode(code).matchingId;
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}
