import { type Der, decodeWithBytes, encodeWithBytes } from '@esim-rsp/codec';
import {
  type NotificationEvent,
  notificationEvents,
  type ProfileClass,
  profileClasses,
  StoreMetadataRequest,
} from '../asn1/bound-profile-package.ts';
import { PPR1, PPR2 } from '../asn1/euicc-info.ts';
import { type Iccid, iccidFromSwappedBcd, iccidToSwappedBcd } from '../value/iccid.ts';
import { mccMncFromBcd, mccMncToBcd } from '../value/mcc-mnc.ts';
import { harmfulIn, mustBeHarmless, replaceHarmful } from '../value/text.ts';
import { ValueError } from '../value/value-error.ts';

/** Policy rules by name (2.9.1): ppr1 forbids disabling, ppr2 deleting. */
export const policyRules = { ppr1: PPR1, ppr2: PPR2 } as const;
export type PolicyRule = keyof typeof policyRules;

/** The events that a device reports, by the names that people write. */
export const notificationEventNames = {
  install: 'notificationInstall',
  enable: 'notificationEnable',
  disable: 'notificationDisable',
  delete: 'notificationDelete',
} as const satisfies Readonly<Record<string, NotificationEvent>>;
export type NotificationEventName = keyof typeof notificationEventNames;

export type ProfileOwner = {
  /** 5 or 6 digits. */
  readonly mccMnc: string;
  readonly gid1?: Uint8Array;
  readonly gid2?: Uint8Array;
};

/** Optional metadata of a Profile. */
export type MetadataOptions = {
  /** PNG or JPEG, at most 1024 octets. */
  readonly icon?: Uint8Array;
  /** They need an owner: whose rules they are decides whether an eUICC takes them. */
  readonly policyRules?: readonly PolicyRule[];
  readonly owner?: ProfileOwner;
  /** The events that are reported; default: all. */
  readonly notifications?: readonly NotificationEvent[];
};

/** The metadata of a Profile, which the eUICC stores and the device shows (SGP.22 2.4.5, 5.5.3). */
export type MetadataFacts = MetadataOptions & {
  readonly iccid: Iccid;
  /** At most 32 octets of UTF-8. */
  readonly serviceProviderName: string;
  /** At most 64 octets of UTF-8. */
  readonly profileName: string;
  readonly profileClass: ProfileClass;
  /** Where installation, enabling, disabling and deletion are reported to. */
  readonly notificationAddress: string;
};

/** StoreMetadataRequest of these facts; throws a ValueError for what does not fit. */
export function storeMetadataFor(facts: MetadataFacts): Der<StoreMetadataRequest> {
  mustFit(facts.serviceProviderName, 32, 'serviceProviderName');
  mustFit(facts.profileName, 64, 'profileName');
  return encodeWithBytes(StoreMetadataRequest, {
    iccid: iccidToSwappedBcd(facts.iccid),
    serviceProviderName: facts.serviceProviderName,
    profileName: facts.profileName,
    ...(facts.icon !== undefined && { iconType: iconTypeOf(facts.icon), icon: facts.icon }),
    profileClass: profileClasses[facts.profileClass],
    ...notificationsOf(facts),
    ...ownershipOf(facts),
  });
}

/** Stored metadata as a device gets it: names that were stored before harmful characters were refused come without them. */
export function metadataForDevice(stored: Uint8Array): Der<StoreMetadataRequest> {
  const der = decodeWithBytes(StoreMetadataRequest, stored);
  const { serviceProviderName, profileName } = der.value;
  if (harmfulIn(serviceProviderName) === undefined && harmfulIn(profileName) === undefined) return der;
  return encodeWithBytes(StoreMetadataRequest, {
    ...der.value,
    serviceProviderName: replaceHarmful(serviceProviderName),
    profileName: replaceHarmful(profileName),
  });
}

/** What may be otherwise; the ICCID, and where reports go, stay. */
export type MetadataChange = Partial<
  Pick<MetadataFacts, 'serviceProviderName' | 'profileName' | 'profileClass'> & MetadataOptions
>;

/** The same metadata with changes; throws a ValueError for what does not fit. `address` receives the notifications of a Profile that had none. */
export function changeMetadata(
  own: StoreMetadataRequest,
  change: MetadataChange,
  address: string,
): Der<StoreMetadataRequest> {
  return storeMetadataFor({ ...factsOf(own, address), ...change });
}

function factsOf(metadata: StoreMetadataRequest, address: string): MetadataFacts {
  const { icon, profileOwner: owner, profilePolicyRules, notificationConfigurationInfo = [] } = metadata;
  const [configuration] = notificationConfigurationInfo;
  return {
    iccid: iccidFromSwappedBcd(metadata.iccid),
    serviceProviderName: metadata.serviceProviderName,
    profileName: metadata.profileName,
    profileClass: keyOf(profileClasses, metadata.profileClass) ?? 'operational',
    notificationAddress: configuration?.notificationAddress ?? address,
    notifications: (Object.keys(notificationEvents) as NotificationEvent[]).filter((event) =>
      configuration?.profileManagementOperation.has(notificationEvents[event]),
    ),
    ...(icon !== undefined && { icon }),
    ...(owner !== undefined && { owner: { ...owner, mccMnc: mccMncFromBcd(owner.mccMnc) } }),
    ...(profilePolicyRules !== undefined && {
      policyRules: (Object.keys(policyRules) as PolicyRule[]).filter((rule) =>
        profilePolicyRules.has(policyRules[rule]),
      ),
    }),
  };
}

function keyOf<K extends string>(table: Readonly<Record<K, number>>, value: number): K | undefined {
  return (Object.keys(table) as K[]).find((key) => table[key] === value);
}

function notificationsOf({ notifications, notificationAddress }: MetadataFacts) {
  const events = notifications ?? (Object.keys(notificationEvents) as NotificationEvent[]);
  if (events.length === 0) return {};
  const profileManagementOperation = new Set(events.map((event) => notificationEvents[event]));
  return { notificationConfigurationInfo: [{ profileManagementOperation, notificationAddress }] };
}

function ownershipOf({ owner, policyRules: rules = [] }: MetadataFacts) {
  if (rules.length > 0 && owner === undefined)
    throw new ValueError('is missing: a profile with policy rules names its owner', {
      field: 'profileOwner',
    });
  return {
    ...(owner !== undefined && { profileOwner: { ...owner, mccMnc: mccMncToBcd(owner.mccMnc) } }),
    ...(rules.length > 0 && { profilePolicyRules: new Set(rules.map((rule) => policyRules[rule])) }),
  };
}

const MAX_ICON = 1024;

/** How each kind of icon starts, by its iconType (5.5.3). */
const magics = [
  [0, [0xff, 0xd8, 0xff]],
  [1, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
] as const;

/** 0: JPEG, 1: PNG; decided by its first octets. */
function iconTypeOf(icon: Uint8Array): number {
  if (icon.length > MAX_ICON)
    throw new ValueError(`has ${icon.length} octets, at most ${MAX_ICON} are allowed`, { field: 'icon' });
  const found = magics.find(([, magic]) => magic.every((octet, i) => icon[i] === octet));
  if (found === undefined) throw new ValueError('is neither PNG nor JPEG', { field: 'icon' });
  return found[0];
}

const utf8 = new TextEncoder();

function mustFit(text: string, octets: number, name: string): void {
  mustBeHarmless(text, name);
  if (3 * text.length > octets && utf8.encode(text).length > octets)
    // no character takes more than three a unit
    throw new ValueError(`has at most ${octets} octets of UTF-8`, { field: name });
}
