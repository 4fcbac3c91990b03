import { type Der, made } from '@esim-rsp/codec';
import {
  notificationEvents,
  type ProfileClass,
  profileClasses,
  StoreMetadataRequest,
} from '../asn1/bound-profile-package.ts';
import { type Iccid, iccidToSwappedBcd } from '../value/iccid.ts';
import { ValueError } from '../value/value-error.ts';

/** What the eUICC and the person in front of it get to know of a Profile (SGP.22 2.4.5, 5.5.3). */
export type MetadataFacts = {
  readonly iccid: Iccid;
  /** At most 32 octets of UTF-8. */
  readonly serviceProviderName: string;
  /** At most 64 octets of UTF-8. */
  readonly profileName: string;
  readonly profileClass: ProfileClass;
  /** Where installation, enabling, disabling and deletion are reported to. */
  readonly notificationAddress: string;
};

/** StoreMetadataRequest with notifications of every event; throws a ValueError for a name that does not fit. */
export function storeMetadataFor(facts: MetadataFacts): Der<StoreMetadataRequest> {
  mustFit(facts.serviceProviderName, 32, 'serviceProviderName');
  mustFit(facts.profileName, 64, 'profileName');
  return made(StoreMetadataRequest, {
    iccid: iccidToSwappedBcd(facts.iccid),
    serviceProviderName: facts.serviceProviderName,
    profileName: facts.profileName,
    profileClass: profileClasses[facts.profileClass],
    notificationConfigurationInfo: [
      {
        profileManagementOperation: new Set(Object.values(notificationEvents)),
        notificationAddress: facts.notificationAddress,
      },
    ],
  });
}

function mustFit(text: string, octets: number, name: string): void {
  if (new TextEncoder().encode(text).length > octets)
    throw new ValueError(`${name} has at most ${octets} octets of UTF-8`);
}
