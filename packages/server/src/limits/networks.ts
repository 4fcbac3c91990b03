import { BlockList, isIP } from 'node:net';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';

/** A list of IP addresses and networks. */
export type Networks = {
  /** Whether the address is in one of them. An IPv4 address may be written as IPv6 (::ffff:192.0.2.1). */
  has(address: string): boolean;
};

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

function addNetwork(list: BlockList, entry: string): void {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  if (version === 0 || prefix > bits)
    throw new ValueError(`${JSON.stringify(entry)} is not an IP address or network`);
  list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
}
