import { octetString, utf8String } from '@esim-rsp/codec';

/** Types that several interfaces share (SGP.22 annex H). Tags are printed as the specification prints them. */

/** Major, minor, revision: three binary octets. */
export const VersionType = octetString(3);

/** 1 to 16 octets, chosen by the SM-DP+ (2.6.7.1). */
export const TransactionId = octetString(1, 16);

/** EF.ICCID: ten octets of nibble-swapped BCD. */
export const Iccid = octetString(10).as('5A');

/** Digest of a CI public key; test suites send ids of other lengths, which are then simply unknown. */
export const SubjectKeyIdentifier = octetString(0, 64);

/** r and s, 32 octets each (BSI TR-03111 plain format). */
export const Signature = octetString(64).as('5F37');

/** Uncompressed point: 04, X, Y. */
export const PublicKey = octetString(65).as('5F49');

/** AID of an ISD-P or application. */
export const Aid = octetString(5, 16).as('4F');

export const ServerAddress = utf8String(255);
