import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './addresses.ts';

/** The host is none that this server may be sent to. */
export class ClosedHost extends Error {
  override readonly name = 'ClosedHost';
}

/**
 * Looks a host up and gives the caller only what was checked, so that it connects to that and to nothing that a second
 * look-up would say. One private address among them is enough to refuse the host.
 */
export const publicLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, []);
    const addresses = found as LookupAddress[];
    const closed = addresses.find(({ address }) => !isPublicAddress(address));
    const [first] = addresses;
    if (closed !== undefined || first === undefined)
      return done(new ClosedHost(`${host} is ${closed?.address ?? 'nowhere'}, a private address`), []);
    if (options.all) return done(null, addresses);
    done(null, first.address, first.family);
  });
};

/** A host that is written as an address is never looked up. */
export function isClosedLiteral(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublicAddress(host);
}
