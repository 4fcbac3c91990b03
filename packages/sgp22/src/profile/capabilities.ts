/**
 * Bits of uiccCapability (EUICCInfo2) by the tags of eUICC-Mandatory-services in a profile header. Tag 91,
 * usim-test-algorithm, is left out: its bit 8 was reserved in early versions, so cards may have the one without the other.
 */
const bitOfService: Readonly<Record<number, number>> = {
  128: 0, // contactless
  129: 1, // usim
  130: 2, // isim
  131: 3, // csim
  132: 4, // milenage
  133: 6, // tuak128
  134: 5, // cave
  135: 10, // gba-usim
  136: 11, // gba-isim
  137: 12, // mbms
  138: 13, // eap
  139: 14, // javacard
  140: 15, // multos
  141: 16, // multiple-usim
  142: 17, // multiple-isim
  143: 18, // multiple-csim
  144: 7, // tuak256
  146: 19, // ber-tlv
  147: 20, // dfLink
  148: 21, // cat-tp
  149: 22, // get-identity
  150: 23, // profile-a-x25519
  151: 24, // profile-b-p256
  152: 25, // suciCalculatorApi
  153: 26, // dns-resolution
  154: 27, // scp11ac
  155: 28, // scp11c-authorization
  156: 29, // s16mode
  157: 30, // eaka
};

/** The uiccCapability bits that an eUICC needs for these services; those without a bit are passed over. */
export function capabilitiesFor(services: readonly number[]): readonly number[] {
  return services.flatMap((tag) => bitOfService[tag] ?? []).sort((a, b) => a - b);
}
