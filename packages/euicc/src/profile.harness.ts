import { concat, type Der, encodeWithBytes, readAll, tlv } from '@esim-rsp/codec';
import { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { storeMetadataFor } from '@esim-rsp/sgp22/profile/metadata';
import { type Iccid, luhnDigit, parseIccid } from '@esim-rsp/sgp22/value/iccid';

export const NOTIFICATION_ADDRESS = 'notify.example.com';

/** A profile as an SM-DP+ has it in stock. */
export type TestProfile = {
  readonly iccid: Iccid;
  readonly metadata: Der<StoreMetadataRequest>;
  readonly upp: Uint8Array;
};

let counter = 0;

export function nextIccid(): Iccid {
  const digits = `8988201${String(++counter).padStart(11, '0')}`;
  return parseIccid(digits + luhnDigit(digits));
}

/** Long enough for three segments. */
export function builtPackage(iccid: Iccid): Uint8Array {
  const [ki, opc] = [systemRandom(16), systemRandom(16)];
  const numbers = { imsi: '001010123456789', msisdn: '+441632960001', smsc: '+441632960000' };
  const given = { iccid, ...numbers, ki, opc, serviceProviderName: 'Example Mobile' };
  return buildProfilePackage(completeParameters(given, systemRandom));
}

/** A profile with a new ICCID that reports everything; `changes` are made to its metadata. */
export function testProfile(changes: Partial<StoreMetadataRequest> = {}): TestProfile {
  const iccid = nextIccid();
  const metadata = storeMetadataFor({
    iccid,
    serviceProviderName: 'Example Mobile',
    profileName: 'Example Profile',
    profileClass: 'operational',
    notificationAddress: NOTIFICATION_ADDRESS,
  });
  return {
    iccid,
    metadata: encodeWithBytes(StoreMetadataRequest, { ...metadata.value, ...changes }),
    upp: builtPackage(iccid),
  };
}

export const profileOwner = { mccMnc: Uint8Array.of(0x00, 0xf1, 0x10) };

/** The profile with its elements changed. */
export function withElements(
  profile: TestProfile,
  change: (elements: Uint8Array[]) => Uint8Array[],
): TestProfile {
  const elements = readAll(profile.upp).map(({ bytes }) => bytes);
  return { ...profile, upp: concat(...change(elements)) };
}

/** The profile with an element of so many octets before its end. */
export function enlarged(profile: TestProfile, octets: number): TestProfile {
  const ballast = tlv(0xa7, tlv(0x80, new Uint8Array(octets)));
  return withElements(profile, (elements) => elements.toSpliced(-1, 0, ballast));
}
