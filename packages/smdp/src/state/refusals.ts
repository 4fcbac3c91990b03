import { refusals } from '@esim-rsp/sgp22/status';

/** Refusals that several functions give. A profile of another account is as unknown as one that does not exist. */
export const refuse = refusals({
  iccidUnknown: ['8.2.1', '3.9', 'no profile with this ICCID'],
  /** The same words for a number that is taken and one that is reserved: neither says for whom. */
  iccidTaken: ['8.2.1', '3.3', 'this ICCID is not available'],
  matchingIdTaken: ['8.2.6', '3.3', 'another order has this MatchingID'],
  atUpstream: [
    '8.2.1',
    '3.5',
    'the profile is at another SM-DP+: orders of such profiles come over REST, and not over ES2+',
  ],
  operationOpen: [
    '8.2.1',
    '3.5',
    'what was requested from the upstream of the profile has not ended: wait for the end of the operation, or let an admin settle it',
  ],
  keptReady: [
    '8.2.1',
    '3.5',
    'the upstream has an order for this profile, which it keeps ready for the next order here: cancel it first',
  ],
  notOrdered: ['8.2.1', '3.5', 'only a profile that is ordered can be replaced; order this one'],
  expiryNeeded: [
    '8.2.1',
    '3.5',
    'the order has expired, or expires before the profile can be downloaded again: release it with a later expires_at, or with null if it is never to expire',
  ],
  orderExpired: ['8.8.5', '4.10', 'the download order has expired; ask the operator for a new one'],
});
