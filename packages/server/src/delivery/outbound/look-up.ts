import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP, type LookupFunction } from 'node:net';

/** The time for one answer of a DNS server, and how often it is asked. */
const ASK = { timeout: 1500, tries: 2 };
/** The time for a host name, with all servers. */
const LONGEST_MS = 5000;
/** When the addresses of one family are known, those of the other are waited for this long. */
const OTHER_FAMILY_MS = 300;
const HOSTS_FILE = '/etc/hosts';
const HOSTS_KEPT_MS = 10_000;

/** The host name could not be looked up. The code says whether it does not exist. */
class LookUpError extends Error {
  override readonly name = 'LookUpError';
  readonly code: 'ENOTFOUND' | 'EAI_AGAIN';

  constructor(code: 'ENOTFOUND' | 'EAI_AGAIN') {
    super(`a host name could not be looked up (${code})`);
    this.code = code;
  }
}

type Hosts = ReadonlyMap<string, readonly LookupAddress[]>;

/**
 * Looks up host names in /etc/hosts and then by DNS. Unlike the lookup of the operating system it uses none of the four threads that files
 * need too: names whose servers never answer delay no other work. It uses no search domains. `servers`: empty for those of the system.
 */
export function createLookUp(servers: readonly string[], longestMs = LONGEST_MS): LookupFunction {
  const hosts = hostsReader();
  return (host, { family = 0, all }, done) => {
    const answer = (addresses: readonly LookupAddress[]) => {
      const wanted = addresses.filter((one) => family === 0 || `IPv${one.family}`.endsWith(String(family)));
      const [first] = wanted;
      if (first === undefined) done(new LookUpError('ENOTFOUND'), []);
      else if (all) done(null, wanted);
      else done(null, first.address, first.family);
    };
    addressesOf(host, hosts, () => askServers(host, servers, longestMs)).then(answer, (error) =>
      done(error, []),
    );
  };
}

async function addressesOf(
  host: string,
  hosts: () => Promise<Hosts>,
  ask: () => Promise<readonly LookupAddress[]>,
): Promise<readonly LookupAddress[]> {
  const name = host.toLowerCase().replace(/\.$/, '');
  const known = (await hosts()).get(name);
  if (known !== undefined) return known;
  return /(^|\.)localhost$/.test(name) ? LOOPBACK : ask();
}

/** localhost is never asked of a server (RFC 6761 6.3). */
const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

async function askServers(
  host: string,
  servers: readonly string[],
  longestMs: number,
): Promise<readonly LookupAddress[]> {
  const resolver = new Resolver(ASK); // a new one reads the servers of the system again
  if (servers.length > 0) resolver.setServers(servers);
  const endAfter = (ms: number) => setTimeout(() => resolver.cancel(), ms);
  const timers = [endAfter(longestMs)];
  const ask = async (family: 4 | 6): Promise<LookupAddress[]> => {
    const found = await (family === 4 ? resolver.resolve4(host) : resolver.resolve6(host));
    timers.push(endAfter(OTHER_FAMILY_MS));
    return found.map((address) => ({ address, family }));
  };
  const answers = await Promise.allSettled([ask(4), ask(6)]);
  for (const timer of timers) clearTimeout(timer);
  const addresses = answers.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  if (addresses.length > 0) return addresses;
  const codes = answers.map((one) => one.status === 'rejected' && (one.reason as NodeJS.ErrnoException).code);
  const doesNotExist = codes.includes('ENOTFOUND') || codes.every((code) => code === 'ENODATA');
  throw new LookUpError(doesNotExist ? 'ENOTFOUND' : 'EAI_AGAIN');
}

/** Reads the hosts file again when it was read some seconds ago. */
function hostsReader(): () => Promise<Hosts> {
  let latest: { readonly hosts: Promise<Hosts>; readonly until: number } | undefined;
  return () => {
    const now = performance.now();
    if (latest === undefined || now >= latest.until) {
      const text = readFile(HOSTS_FILE, 'utf8').catch(() => '');
      latest = { hosts: text.then(parseHosts), until: now + HOSTS_KEPT_MS };
    }
    return latest.hosts;
  };
}

/** The addresses of each name in a hosts file. */
export function parseHosts(text: string): Hosts {
  const hosts = new Map<string, LookupAddress[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    if (family === 0) continue;
    for (const name of names.map((one) => one.toLowerCase()))
      hosts.set(name, [...(hosts.get(name) ?? []), { address, family }]);
  }
  return hosts;
}
