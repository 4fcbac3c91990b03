import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './addresses.ts';

/** The host is in a private network, and the server may not send there. */
export class PrivateHostError extends Error {
  override readonly name = 'ClosedHost';

  /** The message does not contain the address: it would reveal the private network to the account. */
  constructor() {
    super('the host is in a private network');
  }
}

/**
 * The same lookup, which checks the addresses. The connection uses these addresses, so a second lookup with another result
 * cannot get around the check. If one address is private, the host is refused with PrivateHostError.
 */
export function publicOnly(lookUp: LookupFunction): LookupFunction {
  return (host, options, done) =>
    lookUp(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, []);
      const addresses = found as LookupAddress[];
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
        return done(new PrivateHostError(), []);
      if (options.all) return done(null, addresses);
      done(null, first.address, first.family);
    });
}

/** Whether the host of the URL is a private IP address. Node does not look up a literal address, so it is checked here. */
export function isPrivateLiteral(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublicAddress(host);
}
