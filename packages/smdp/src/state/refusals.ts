import { refusals } from '@esim-rsp/sgp22/status';

/** Refusals that several functions give. A profile of another account is as unknown as one that does not exist. */
export const refuse = refusals({
  iccidUnknown: ['8.2.1', '3.9', 'no profile with this ICCID'],
  /** The same words for a number that is taken and one that is reserved: neither says for whom. */
  iccidTaken: ['8.2.1', '3.3', 'this ICCID is not available'],
  matchingIdTaken: ['8.2.6', '3.3', 'another order has this MatchingID'],
  orderExpired: ['8.8.5', '4.10', 'the download order has expired; ask the operator for a new one'],
});
