import type { IncomingMessage } from 'node:http';
import { parseIpAddress } from './ip-address.ts';
import type { Networks } from './networks.ts';
import { peerAddressOf } from './peer-address.ts';

/** Hops of X-Forwarded-For that are read. More are nothing that real proxies write. */
const MAX_HOPS = 16;

/**
 * The IP address of the client. A connection from a trusted proxy: the address that the proxy put at the end of
 * X-Forwarded-For; if that is a trusted proxy too, the address before it, and so on. Entries further left are the client's own
 * text. `Forwarded` (RFC 7239) is not read: a proxy that writes one of the two headers lets the client choose the other.
 */
export function clientAddressOf({ socket, headers }: IncomingMessage, proxies: Networks): string {
  let address = peerAddressOf(socket);
  const forwarded = headers['x-forwarded-for'];
  if (forwarded === undefined || !proxies.has(address)) return address;
  let rest = Array.isArray(forwarded) ? forwarded.join(',') : forwarded;
  for (let hop = 0; hop < MAX_HOPS && rest !== '' && proxies.has(address); hop++) {
    const comma = rest.lastIndexOf(',');
    const next = parseIpAddress(rest.slice(comma + 1).trim());
    if (next === undefined) break; // such as "unknown": the proxy that wrote it is the best that is known
    address = next;
    rest = rest.slice(0, Math.max(comma, 0));
  }
  return address;
}
