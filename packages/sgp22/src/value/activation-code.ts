import type { MatchingId } from './matching-id.ts';
import { ValueError } from './value-error.ts';

/** An activation code (SGP.22 4.1). */
export type ActivationCode = {
  readonly smdpAddress: string;
  /** The AC token; empty when the order is found by EID. */
  readonly matchingId: MatchingId;
  readonly smdpOid?: string;
  readonly confirmationCodeRequired: boolean;
};

const ADDRESS =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?::\d{1,5})?$/;

/** Reads an FQDN, in labs with `:port`; throws a ValueError. */
export function parseSmdpAddress(text: string): string {
  if (text.length > 255 || !ADDRESS.test(text))
    throw new ValueError('an SM-DP+ address is a host name, in labs with :port, without scheme or path');
  return text;
}

/** Whether two SM-DP+ addresses name the same server. Case and port are ignored. */
export function sameSmdpAddress(a: string, b: string): boolean {
  const host = (address: string) => address.replace(/:\d+$/, '').toLowerCase();
  return host(a) === host(b);
}

/** `LPA:1$<address>$<MatchingID>`, then `$<OID>` if there is one, then `$1` (or `$$1`) if a confirmation code is required. */
export function formatActivationCode(code: ActivationCode): string {
  const parts = ['LPA:1', code.smdpAddress, code.matchingId];
  if (code.confirmationCodeRequired) parts.push(code.smdpOid ?? '', '1');
  else if (code.smdpOid) parts.push(code.smdpOid);
  return parts.join('$');
}

/** The token of another server may contain any visible ASCII character. */
function parseToken(text: string): MatchingId {
  if (!/^[\x21-\x7e]*$/.test(text))
    throw new ValueError('the token of an activation code has only visible ASCII characters');
  return text as MatchingId;
}

/** Reads an activation code, with or without `LPA:`; empty or unknown parts at the end are ignored. Throws a ValueError. */
export function parseActivationCode(text: string): ActivationCode {
  const code = text.trim().replace(/^LPA:/i, '');
  if (code.length > 255) throw new ValueError('an activation code has at most 255 characters');
  const [format, address, token, oid = '', flag = ''] = code.split('$');
  if (format !== '1') throw new ValueError("an activation code starts with 'LPA:1$'");
  if (!address || token === undefined)
    throw new ValueError("an activation code has the form 'LPA:1$<address>$<MatchingID>'");
  if (oid !== '' && !/^[0-2](?:\.\d+)+$/.test(oid))
    throw new ValueError('the OID of an activation code is dotted digits');
  return {
    smdpAddress: parseSmdpAddress(address),
    matchingId: parseToken(token),
    ...(oid !== '' && { smdpOid: oid }),
    confirmationCodeRequired: flag === '1',
  };
}
