import { toHex } from '@esim-rsp/codec';
import type { NotificationEvent } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import type { ProfileOwner } from '@esim-rsp/sgp22/profile/metadata';
import { type NotificationEventName, notificationEventNames } from '@esim-rsp/sgp22/profile/metadata';
import type { StatusCode } from '@esim-rsp/sgp22/status';
import { formatActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import type { Profile, ProfileState } from '@esim-rsp/smdp/state/profile';
import { timeOfSeconds } from '../../shapes/time.ts';
import {
  type MetadataView,
  type OrderView,
  type ProfileView,
  viewProfile,
} from '../../store/ports/profile-view.ts';
import type { GetEUICCProfileResponse } from './schemas.ts';

/** The states in a sentence. */
const messages: Readonly<Record<ProfileState, string>> = {
  AVAILABLE: 'in stock, not ordered',
  ALLOCATED: 'ordered, not confirmed yet',
  LINKED: 'ordered for one eUICC, not confirmed yet',
  CONFIRMED: 'ordered and confirmed, not released for download yet',
  RELEASED: 'waits to be downloaded',
  DOWNLOADED: 'was downloaded; the result of the installation is awaited',
  INSTALLED: 'installed on its device',
  ENABLED: 'installed and in use',
  DISABLED: 'installed and switched off',
  DELETED: 'was deleted from its device',
  ERROR: 'the download failed',
  UNAVAILABLE: 'taken out of use',
};

/** The activation code of a profile that can be downloaded with one; empty otherwise. */
export function activationCodeOf(
  { state, order }: Pick<ProfileView, 'state' | 'order'>,
  smdpAddress: string,
  smdpOid?: string,
): string {
  if (order === undefined || order.matchingId === '') return '';
  if (state !== 'RELEASED' && state !== 'DOWNLOADED') return '';
  return formatActivationCode({
    smdpAddress,
    matchingId: order.matchingId,
    ...(smdpOid !== undefined && { smdpOid }),
    confirmationCodeRequired: order.confirmationAttemptsLeft !== undefined,
  });
}

/**
 * Addresses that open the installation on the device itself. `join` copies the parts into one string; a template would
 * link them, and JSON.stringify takes a quarter longer for a page of such strings.
 */
export function installLinks(activationCode: string) {
  const carddata = encodeURIComponent(activationCode);
  return {
    apple: ['https://esimsetup.apple.com/esim_qrcode_provisioning', carddata].join('?carddata='),
    android: ['https://esimsetup.android.com/esim_qrcode_provisioning', carddata].join('?carddata='),
    windows: ['lpa', activationCode.slice('LPA:'.length)].join(':'),
  };
}

/** Members that are undefined are absent. */
type Members<T> = { readonly [N in keyof Required<T>]: T[N] | undefined };

/** A Profile as the REST API shows it, its members in the order of the shape. */
export function profileResponse(profile: Profile, smdpAddress: string): GetEUICCProfileResponse {
  return viewResponse(viewProfile(profile), smdpAddress);
}

/** The same for the view of a Profile. */
export function viewResponse(profile: ProfileView, smdpAddress: string): GetEUICCProfileResponse {
  const activationCode = activationCodeOf(profile, smdpAddress);
  const { order, reason, device } = profile;
  const metadata = metadataResponse(profile.metadata);
  const members: Members<GetEUICCProfileResponse> = {
    iccid: profile.iccid,
    imsi: profile.imsi,
    state: profile.state,
    last_operation_date: profile.changedAt,
    activation_code: activationCode,
    reuse_remaining_count: order?.reusesLeft,
    reuse_enabled: order && order.reusePolicy.type !== 'NEVER' && order.reusesLeft > 0,
    profile_reuse_policy: order && policyOf(order),
    release_date: order?.releasedAt,
    cc_required: order && order.confirmationAttemptsLeft !== undefined,
    cc_retries: order?.confirmationAttemptsLeft,
    last_operation_at: timeOfSeconds(profile.changedAt),
    released_at: timeIn(order?.releasedAt),
    eid: profile.eid,
    state_reason: reason && reasonOf(reason),
    state_message: messages[profile.state],
    smdp_address: smdpAddress,
    matching_id: order?.matchingId,
    profile_type: profile.profileType,
    service_provider_name: metadata.service_provider_name,
    profile_name: metadata.profile_name,
    profile_class: metadata.profile_class,
    protection: profile.protection,
    icon_type: metadata.icon_type,
    profile_policy_rules: metadata.profile_policy_rules,
    profile_owner: metadata.profile_owner,
    notification_events: metadata.notification_events,
    order_expires_at: timeIn(order?.expiresAt),
    download_attempts_left: order?.downloadAttemptsLeft,
    reusable: order?.reusable || undefined,
    device_state: device?.state,
    install_links: activationCode === '' ? undefined : installLinks(activationCode),
    last_notification_at: timeIn(device?.lastNotificationAt),
  };
  return members as GetEUICCProfileResponse;
}

function timeIn(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : timeOfSeconds(seconds);
}

const eventNames = Object.fromEntries(
  Object.entries(notificationEventNames).map(([name, event]) => [event, name]),
) as Readonly<Record<NotificationEvent, NotificationEventName>>;

/** What the device gets to see of a Profile. */
export function metadataResponse(metadata: MetadataView) {
  const { policyRules, owner } = metadata;
  return {
    service_provider_name: metadata.serviceProviderName,
    profile_name: metadata.profileName,
    profile_class: metadata.profileClass,
    icon_type: metadata.iconType,
    profile_policy_rules: policyRules && [...policyRules],
    profile_owner: owner && ownerResponse(owner),
    notification_events: metadata.notifications.map((event) => eventNames[event]),
  };
}

function ownerResponse({ mccMnc, gid1, gid2 }: ProfileOwner) {
  return {
    mcc_mnc: mccMnc,
    ...(gid1 !== undefined && { gid1: toHex(gid1) }),
    ...(gid2 !== undefined && { gid2: toHex(gid2) }),
  };
}

function reasonOf({ subjectCode, reasonCode, message }: StatusCode) {
  return { subject_code: subjectCode, reason_code: reasonCode, message };
}

function policyOf({ reusePolicy: { type, maxCount, cooldownSeconds } }: OrderView) {
  return {
    reuse_type: type,
    max_count: maxCount,
    maxReuseCount: maxCount,
    cooldownPeriod: cooldownSeconds,
  };
}
