import { isIP, isIPv4, isIPv6, SocketAddress } from 'node:net';

/** The prefix that an IPv4 address has inside an IPv6 socket (RFC 4291 2.5.5.2). */
const MAPPED = '::ffff:';

/**
 * The IP address in a text as sockets and proxies write it: with or without port, brackets, quotes and zone, in any spelling.
 * IPv4-mapped IPv6 addresses become IPv4, IPv6 addresses get their shortest form. undefined: there is none.
 */
export function parseIpAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  const host = hostOf(text.trim().replace(/^"(.*)"$/, '$1'));
  const [address = ''] = host.split('%', 1); // a zone says which interface, and its text is free
  if (isIPv4(address)) return address;
  if (isIPv6(address)) return normalize(address);
  return normalizeUnbracketed(address);
}

/** Without brackets and port: `[::1]:80`, `[::1]`, `192.0.2.1:80`. */
function hostOf(text: string): string {
  return /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
}

/** Some proxies add the port to an IPv6 address without brackets. It is recognized where the result is no address. */
function normalizeUnbracketed(text: string): string | undefined {
  const address = /^(.+):\d{1,5}$/.exec(text)?.[1];
  return address !== undefined && isIPv6(address) ? normalize(address) : undefined;
}

function normalize(address: string): string {
  const { address: shortest } = new SocketAddress({ address, family: 'ipv6' });
  const inside = shortest.startsWith(MAPPED) ? shortest.slice(MAPPED.length) : '';
  return isIPv4(inside) ? inside : shortest;
}

/**
 * The name under which an address is counted. One customer of a provider has a whole /64 of IPv6, so its addresses count
 * together. `address` as `parseIpAddress` returns it; any other text is counted as it is.
 */
export function limitNameOf(address: string): string {
  return isIP(address) === 6 ? networkOfGroups(address, 4) : address;
}

/** The network of an address, which says roughly where a caller is and not who it is: /24 of IPv4, /48 of IPv6. */
export function networkOf(address: string): string {
  if (isIP(address) === 6) return networkOfGroups(address, 3);
  return isIP(address) === 4 ? `${address.split('.').slice(0, 3).join('.')}.0/24` : '';
}

/** The network of the first groups of an IPv6 address. */
function networkOfGroups(address: string, count: number): string {
  const [before = '', after = ''] = address.split('::');
  const left = before === '' ? [] : before.split(':');
  const right = after === '' ? [] : after.split(':');
  const missing = address.includes('::') ? 8 - left.length - groupsIn(right) : 0;
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  return `${groups.slice(0, count).join(':')}::/${count * 16}`;
}

/** An IPv4 address at the end takes two groups. */
function groupsIn(parts: readonly string[]): number {
  return parts.length + (parts.at(-1)?.includes('.') ? 1 : 0);
}
