/**
 * eUICC-Mandatory-services (TCA Profile Interoperability 8.2, ServicesList) by their numbers, which are those of the
 * context tags from 80 on, with the bit of uiccCapability in EUICCInfo2 (SGP.22 5.7.8) that an eUICC sets for each.
 * usim-test-algorithm has no bit here: its bit 8 was reserved in early versions, so cards may have the one without the
 * other.
 */
const services = [
  ['contactless', 0],
  ['usim', 1],
  ['isim', 2],
  ['csim', 3],
  ['milenage', 4],
  ['tuak128', 6],
  ['cave', 5],
  ['gba-usim', 10],
  ['gba-isim', 11],
  ['mbms', 12],
  ['eap', 13],
  ['javacard', 14],
  ['multos', 15],
  ['multiple-usim', 16],
  ['multiple-isim', 17],
  ['multiple-csim', 18],
  ['tuak256', 7],
  ['usim-test-algorithm', undefined],
  ['ber-tlv', 19],
  ['dfLink', 20],
  ['cat-tp', 21],
  ['get-identity', 22],
  ['profile-a-x25519', 23],
  ['profile-b-p256', 24],
  ['suciCalculatorApi', 25],
  ['dns-resolution', 26],
  ['scp11ac', 27],
  ['scp11c-authorization', 28],
  ['s16mode', 29],
  ['eaka', 30],
] as const;

export type Service = (typeof services)[number][0];

const FIRST_TAG = 0x80;

export function serviceTag(service: Service): number {
  return FIRST_TAG + services.findIndex(([name]) => name === service);
}

export function serviceName(tag: number): Service | undefined {
  return services[tag - FIRST_TAG]?.[0];
}

/** The uiccCapability bits that an eUICC needs for the services of these tags; those without a bit are ignored. */
export function capabilitiesFor(tags: readonly number[]): readonly number[] {
  return tags.flatMap((tag) => services[tag - FIRST_TAG]?.[1] ?? []).sort((a, b) => a - b);
}

/** The names of the services that have these bits of uiccCapability; a bit without a service is called by its number. */
export function capabilityNames(bits: readonly number[]): readonly string[] {
  return bits.map((bit) => services.find(([, own]) => own === bit)?.[0] ?? `bit ${bit} of uiccCapability`);
}
