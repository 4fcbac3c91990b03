/** Status words of the transport (ISO/IEC 7816-4, ETSI TS 102 221); those of ES10 are in `es10/command.ts`. */
export const sw = {
  ok: 0x9000,
  /** 61xx: xx octets are left, 00 for 256 and more. */
  moreData: 0x6100,
  wrongLength: 0x6700,
  channelNotSupported: 0x6881,
  secureMessagingNotSupported: 0x6882,
  commandChainingNotSupported: 0x6884,
  conditionsNotSatisfied: 0x6985,
  functionNotSupported: 0x6a81,
  notFound: 0x6a82,
  incorrectP1P2: 0x6a86,
  /** The MAC of a challenge is wrong (3GPP TS 31.102 7.3.1). */
  wrongMac: 0x9862,
  /** 6Cxx: Le should have been xx. */
  wrongLe: 0x6c00,
  insNotSupported: 0x6d00,
  classNotSupported: 0x6e00,
} as const;
