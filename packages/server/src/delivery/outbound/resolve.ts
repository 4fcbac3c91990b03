import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './addresses.ts';

/** The host is none that this server may be sent to. */
export class ClosedHost extends Error {
  override readonly name = 'ClosedHost';

  /** Does not say which address it is: names of a private network are nobody's business either. */
  constructor() {
    super('the host is in a private network');
  }
}

/**
 * Looks a host up and gives the caller only what was checked, so that it connects to that and to nothing that a second
 * look-up would say. One private address among them is enough to refuse the host.
 */
export const publicLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, []);
    const addresses = found as LookupAddress[];
    const [first] = addresses;
    if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
      return done(new ClosedHost(), []);
    if (options.all) return done(null, addresses);
    done(null, first.address, first.family);
  });
};

/** A host that is written as an address is never looked up. */
export function isClosedLiteral(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublicAddress(host);
}
