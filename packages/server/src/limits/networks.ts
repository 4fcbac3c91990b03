import { BlockList, isIP } from 'node:net';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';

/** A list of IP addresses and networks. */
export type Networks = {
  /** Whether the address is in one of them. An IPv4 address may be written as IPv6 (::ffff:192.0.2.1). */
  has(address: string): boolean;
};

/** No network at all. */
export const noNetworks: Networks = { has: () => false };

const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

/** Reads addresses and networks in CIDR notation, separated by commas: `192.0.2.1, 10.0.0.0/8, fd00::/8`. Throws a ValueError. */
export function parseNetworks(text: string): Networks {
  const list = new BlockList();
  for (const entry of text.split(',')) addNetwork(list, entry.trim());
  return {
    has: (written) => {
      const address = written.replace(MAPPED, '');
      const version = isIP(address);
      return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

/** Loopback, private and link-local networks: addresses that are not on the Internet. */
const PRIVATE = '127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,::1,fc00::/7,fe80::/10';

/**
 * Reads which proxies are trusted: `0` for none, `1` for those on loopback and private addresses, or a list of their addresses
 * and networks. Throws a ValueError.
 */
export function parseProxies(text: string): Networks {
  const word = text.trim().toLowerCase();
  if (word === '0' || word === 'false') return noNetworks;
  if (word === '1' || word === 'true') return parseNetworks(PRIVATE);
  return parseProxyList(word);
}

/** Reads the addresses and networks of trusted proxies. Throws a ValueError, also for a network of all addresses: anybody could be a proxy then. */
export function parseProxyList(text: string): Networks {
  if (/\/0+\s*(,|$)/.test(text)) throw new ValueError('all addresses would be trusted proxies');
  return parseNetworks(text);
}

function addNetwork(list: BlockList, entry: string): void {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  if (version === 0 || prefix > bits)
    throw new ValueError(`${JSON.stringify(entry)} is not an IP address or network`);
  list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
}
