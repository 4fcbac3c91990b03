import { fromBase64, fromHex, toHex } from '@esim-rsp/codec';
import { type NotificationEvent as Event, profileClasses } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import {
  type MetadataOptions,
  type NotificationEventName,
  notificationEventNames,
  type ProfileOwner as Owner,
  policyRules,
} from '@esim-rsp/sgp22/profile/metadata';
import { type Static, Type } from '@sinclair/typebox';
import { about, closed, inWords, literals, named } from '../../shapes/shape.ts';
import type { MetadataView } from '../../store/ports/profile-view.ts';
import { HttpProblem } from '../frame/problem.ts';

/** What users and devices see of a Profile before it is installed (StoreMetadataRequest, SGP.22 5.5.3): as shapes, from a request, and in an answer. */

const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>) => Object.keys(record) as K[];

const ProfileClass = named(
  'ProfileClass',
  literals(keysOf(profileClasses), 'What a Profile is for (SGP.22 ProfileClass)'),
);
const ProfilePolicyRule = named(
  'ProfilePolicyRule',
  literals(
    keysOf(policyRules),
    'A policy rule (SGP.22 2.9): ppr1 forbids to disable the Profile, ppr2 to delete it',
  ),
);
const NotificationEvent = named(
  'NotificationEvent',
  literals(keysOf(notificationEventNames), 'An event that a device reports to the SM-DP+'),
);
const Gid = Type.String({
  pattern: '^([0-9A-Fa-f]{2}){0,64}$',
  ...inWords('hexadecimal digits in pairs, 128 at most'),
  description: 'Hexadecimal digits',
});

export const ProfileOwner = Type.Object(
  {
    mcc_mnc: Type.String({
      pattern: '^[0-9]{5,6}$',
      ...inWords('5 or 6 decimal digits'),
      description: 'MCC and MNC: 5 or 6 decimal digits',
    }),
    gid1: Type.Optional(about('Group identifier level 1: hexadecimal digits', Gid)),
    gid2: Type.Optional(about('Group identifier level 2: hexadecimal digits', Gid)),
  },
  { ...closed, $id: 'ProfileOwner', description: 'The network that owns a Profile' },
);

/** The names of a Profile and of its type, which an import can set for all rows. */
export const profileNames = {
  service_provider_name: Type.Optional(
    Type.String({ maxLength: 32, description: 'The provider that the device shows' }),
  ),
  profile_name: Type.Optional(Type.String({ maxLength: 64, description: 'The name that the device shows' })),
  profile_class: Type.Optional(about('What the Profile is for', ProfileClass)),
  profile_type: Type.Optional(
    Type.String({ minLength: 1, maxLength: 128, description: 'Your name for this type of Profile' }),
  ),
};
export type ProfileNames = Static<ReturnType<typeof Type.Object<typeof profileNames>>>;

const PolicyRules = Type.Array(ProfilePolicyRule, { uniqueItems: true });
const NotificationEvents = Type.Array(NotificationEvent, { uniqueItems: true });

export const ProfileLabels = named(
  'ProfileLabels',
  Type.Object(
    {
      ...profileNames,
      icon: Type.Optional(
        Type.String({
          minLength: 4,
          maxLength: 1400,
          description: 'The icon that the device shows: PNG or JPEG of at most 1024 bytes, in base64',
        }),
      ),
      profile_policy_rules: Type.Optional(about('Policy rules; they need a profile_owner', PolicyRules)),
      profile_owner: Type.Optional(about('The owner of the policy rules', ProfileOwner)),
      notification_events: Type.Optional(
        about('The events that the device reports; without it, all', NotificationEvents),
      ),
    },
    { description: 'What users and devices see of a Profile before it is installed' },
  ),
);
export type ProfileLabels = Static<typeof ProfileLabels>;

/** What an answer shows of them: the format of the icon in place of the icon. */
export const shownLabels = {
  service_provider_name: Type.Optional(
    Type.String({
      description:
        'The provider that the device shows; absent of a Profile of an upstream whose list has none',
    }),
  ),
  profile_name: Type.Optional(
    Type.String({
      description: 'The name that the device shows; absent of a Profile of an upstream whose list has none',
    }),
  ),
  profile_class: Type.Optional(about('What the Profile is for', ProfileClass)),
  icon_type: Type.Optional(
    literals(['jpeg', 'png'] as const, 'The format of the icon; absent when there is none'),
  ),
  profile_policy_rules: Type.Optional(about('Policy rules; absent when there are none', PolicyRules)),
  profile_owner: Type.Optional(about('The owner of the policy rules', ProfileOwner)),
  notification_events: Type.Optional(
    about(
      'The events that the device reports; absent of a Profile of an upstream, to which the device reports',
      NotificationEvents,
    ),
  ),
};

/** The names in a request, as far as it has them. */
export function namesIn({
  service_provider_name: spn,
  profile_name,
  profile_class,
  profile_type,
}: ProfileNames) {
  return {
    ...(spn !== undefined && { serviceProviderName: spn }),
    ...(profile_name !== undefined && { profileName: profile_name }),
    ...(profile_class !== undefined && { profileClass: profile_class }),
    ...(profile_type !== undefined && { profileType: profile_type }),
  };
}

/** The metadata in a request beyond the names. */
export function metadataIn(body: ProfileLabels): MetadataOptions {
  const { icon, profile_policy_rules, profile_owner: owner, notification_events } = body;
  return {
    ...(icon !== undefined && { icon: decodeBase64(icon, 'icon') }),
    ...(profile_policy_rules !== undefined && { policyRules: profile_policy_rules }),
    ...(owner !== undefined && {
      owner: {
        mccMnc: owner.mcc_mnc,
        ...(owner.gid1 !== undefined && { gid1: fromHex(owner.gid1) }),
        ...(owner.gid2 !== undefined && { gid2: fromHex(owner.gid2) }),
      },
    }),
    ...(notification_events !== undefined && {
      notifications: notification_events.map((event) => notificationEventNames[event]),
    }),
  };
}

/** Throws 400 that names the field. */
export function decodeBase64(text: string, field: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    const message = 'is not base64';
    throw new HttpProblem(400, 'validation_failed', `${field} ${message}`, [{ field, message }]);
  }
}

const eventNames = Object.fromEntries(
  Object.entries(notificationEventNames).map(([name, event]) => [event, name]),
) as Readonly<Record<Event, NotificationEventName>>;

/** The members of an answer. Those that are undefined are absent. */
export function labelsResponse(metadata: MetadataView) {
  return {
    service_provider_name: metadata.serviceProviderName,
    profile_name: metadata.profileName,
    profile_class: metadata.profileClass,
    icon_type: metadata.iconType,
    profile_policy_rules: metadata.policyRules && [...metadata.policyRules],
    profile_owner: metadata.owner && ownerResponse(metadata.owner),
    notification_events: metadata.notifications.map((event) => eventNames[event]),
  };
}

/** The same of a Profile of an upstream: what its list or an order says, and nothing that only the upstream knows. */
export function knownLabels(metadata: MetadataView) {
  const labels = labelsResponse(metadata);
  return {
    ...labels,
    service_provider_name: labels.service_provider_name || undefined,
    profile_name: labels.profile_name || undefined,
    notification_events: undefined,
  };
}

function ownerResponse({ mccMnc, gid1, gid2 }: Owner) {
  return {
    mcc_mnc: mccMnc,
    ...(gid1 !== undefined && { gid1: toHex(gid1) }),
    ...(gid2 !== undefined && { gid2: toHex(gid2) }),
  };
}
