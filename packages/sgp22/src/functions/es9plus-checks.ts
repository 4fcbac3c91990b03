import type { Es9Name } from './es9plus.ts';

/** A check: the name of its refusal, and a sentence that is true if the check passes. */
export type Check = readonly [name: string, holds: string];

const open: Check = ['transactionIdUnknown', 'the transaction is open, and its order is there'];
const sameTransaction: Check = ['transactionIdUnknown', 'the eUICC signed the same transaction'];

/**
 * The checks of each function in their order (5.6.1 to 5.6.5). `esim session show` uses them to show how far a call got. Two
 * checks with the same name share one refusal.
 */
export const checks: Readonly<Record<Es9Name, readonly Check[]>> = {
  initiateAuthentication: [
    ['addressRefused', 'the address that the device has contacted is ours'],
    ['svnUnsupported', 'the eUICC speaks version 2 of SGP.22'],
    ['ciUnsupported', 'we trust a CI that the eUICC can sign for'],
    ['certificateUnavailable', 'we have a certificate that the eUICC can verify'],
  ],
  authenticateClient: [
    open,
    ['euiccFailed', 'the eUICC believes us'],
    sameTransaction,
    ['ciPublicKeyUnknown', 'the EUM certificate is under a CI that we trust'],
    ['eumNotVerified', 'the EUM certificate is valid'],
    ['eumExpired', 'the EUM certificate has not expired'],
    ['euiccNotVerified', 'the eUICC certificate is valid'],
    ['euiccExpired', 'the eUICC certificate has not expired'],
    ['signatureInvalid', 'euiccSignature1 is right'],
    ['challengeWrong', 'the eUICC signed our challenge and our address'],
    ['matchingIdRefused', 'an order waits under the MatchingID'],
    ['nothingForEid', 'an order waits for the EID, where there is no MatchingID'],
    ['eidRefused', 'the order is for any EID, or for this one'],
    ['hadItBefore', 'the order is not for another eUICC than this one'],
    ['boundElsewhere', 'no other eUICC has downloaded the profile'],
    ['notReleased', 'the operator has released the profile'],
    ['orderExpired', 'the order has not expired'],
    ['attemptsExhausted', 'download attempts are left'],
    ['pprForbidden', 'the eUICC allows the policy rules of the profile'],
    ['capabilityMissing', 'the eUICC can do what the profile needs'],
    ['memoryShort', 'the eUICC has memory enough'],
  ],
  getBoundProfilePackage: [
    open,
    ['euiccFailed', 'the eUICC could prepare the download'],
    sameTransaction,
    ['signatureInvalid', 'euiccSignature2 is right'],
    ['unavailable', 'the profile can still be downloaded in this session'],
    ['orderExpired', 'the order has not expired'],
    ['codeAttemptsExhausted', 'attempts for the confirmation code are left'],
    ['codeMissing', 'a confirmation code was given, if the order has one'],
    ['codeWrong', 'the confirmation code is right'],
    ['keyInvalid', 'the one-time key of the eUICC is a point on the curve'],
  ],
  cancelSession: [
    open,
    sameTransaction,
    ['signatureInvalid', 'euiccCancelSessionSignature is right'],
    ['oidWrong', 'the eUICC means this SM-DP+'],
  ],
  handleNotification: [],
};
