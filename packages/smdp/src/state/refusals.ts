import { refusals } from '@esim-rsp/sgp22/status';

/** Refusals that several functions give. A profile of another account is as unknown as one that does not exist. */
export const refuse = refusals({
  iccidUnknown: ['8.2.1', '3.9', 'no profile with this ICCID'],
  iccidTaken: ['8.2.1', '3.3', 'a profile with this ICCID exists already'],
  matchingIdTaken: ['8.2.6', '3.3', 'another order has this MatchingID'],
  orderExpired: ['8.8.5', '4.10', 'the download order has expired; ask the operator for a new one'],
});
