import { BlockList, isIP } from 'node:net';

/** Addresses outside the public Internet (IANA special-purpose registries). Webhooks must not reach them. */
const nonPublic = {
  ipv4: [
    '0.0.0.0/8', // this network
    '10.0.0.0/8', // private
    '100.64.0.0/10', // shared by carriers
    '127.0.0.0/8', // loopback
    '169.254.0.0/16', // link-local; the metadata of clouds
    '172.16.0.0/12', // private
    '192.0.0.0/24', // protocol assignments
    '192.0.2.0/24', // documentation
    '192.88.99.0/24', // 6to4 relays
    '192.168.0.0/16', // private
    '198.18.0.0/15', // benchmarks
    '198.51.100.0/24', // documentation
    '203.0.113.0/24', // documentation
    '224.0.0.0/4', // multicast
    '240.0.0.0/4', // reserved, broadcast
  ],
  // Only global unicast is public: the rest is loopback, unique local, link-local, multicast, or contains an IPv4 address.
  ipv6: [
    '::/3',
    '4000::/2',
    '8000::/1',
    '2001::/23', // protocol assignments; Teredo
    '2001:db8::/32', // documentation
    '2002::/16', // 6to4: IPv4 inside
    '3fff::/20', // documentation
  ],
} as const;

/** One list per family: a list with both would treat every IPv4 address as one mapped into IPv6. */
const blockLists = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const type of ['ipv4', 'ipv6'] as const)
  for (const subnet of nonPublic[type]) {
    const [net = '', bits] = subnet.split('/');
    blockLists[type].addSubnet(net, Number(bits), type);
  }

/** Whether an address is on the public Internet. Text that is not an IP address: false. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  return !blockLists[type].check(address, type);
}
