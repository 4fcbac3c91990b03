import type { Operation } from '@esim-rsp/smdp/state/gateway/operation';
import { type ReusePolicy, reuseTypes } from '@esim-rsp/smdp/state/order';
import { deviceStates, type Profile, type ProfileState, protections } from '@esim-rsp/smdp/state/profile';
import { type Static, Type } from '@sinclair/typebox';
import { activationCodeOf, installLinks } from '../../install/activation-code.ts';
import { ICCID, Iccid } from '../../shapes/iccid.ts';

import { EUICCProfileState, reasonResponse, StateReason } from '../../shapes/profile-state.ts';
import { about, literals, named } from '../../shapes/shape.ts';
import { Time, timeOfSeconds } from '../../shapes/time.ts';
import { type ProfileView, viewProfile } from '../../store/ports/profile-view.ts';
import type { Viewer } from '../frame/operation.ts';
import { PendingOperation, pendingResponse } from '../gateway/pending-operation.ts';
import { InstallLinks } from './install-links.ts';
import { knownLabels, labelsResponse, shownLabels } from './profile-labels.ts';

export { ICCID, Iccid };

export const ReuseType = named(
  'ReuseType',
  literals(
    reuseTypes,
    'Who may download a Profile again after it left its device: the rule for the EID, then for the MatchingID',
  ),
);
export const ProfileProtection = named(
  'ProfileProtection',
  literals(
    protections,
    'The keys that protect a package (SGP.22 2.5.4): ppk, its own, with which it is stored; session_keys, those of each download',
  ),
);

export const ProfileReusePolicy = Type.Object(
  {
    reuse_type: about('Who may download the Profile again', ReuseType),
    max_count: Type.Number({ description: 'How often the Profile may go back to RELEASED in all' }),
    maxReuseCount: Type.Number({ description: 'The same number as max_count' }),
    cooldownPeriod: Type.Number({
      description: 'Seconds that the Profile stays DELETED before it is RELEASED again',
    }),
  },
  { $id: 'ProfileReusePolicy', description: 'What happens after a Profile left its device' },
);

const ORDERED_AT = 1_760_000_000;
const CODE = 'LPA:1$rsp.example.com$QW3R-7TYP-9ASD';

export const profileExample = {
  iccid: ICCID,
  imsi: '001010000000001',
  state: 'RELEASED',
  last_operation_date: ORDERED_AT,
  activation_code: CODE,
  reuse_remaining_count: 2,
  reuse_enabled: true,
  profile_reuse_policy: { reuse_type: 'SAME_EID', max_count: 2, maxReuseCount: 2, cooldownPeriod: 3600 },
  release_date: ORDERED_AT,
  cc_required: false,
  last_operation_at: timeOfSeconds(ORDERED_AT),
  released_at: timeOfSeconds(ORDERED_AT),
  state_message: 'waits to be downloaded',
  smdp_address: 'rsp.example.com',
  matching_id: 'QW3R-7TYP-9ASD',
  service_provider_name: 'Example Mobile',
  profile_name: 'Travel 10 GB',
  profile_class: 'operational',
  install_links: installLinks(CODE),
};

export const GetEUICCProfileResponse = Type.Object(
  {
    iccid: Type.String({ description: '19 or 20 decimal digits' }),
    imsi: Type.String({
      description:
        'International Mobile Subscriber Identity: 6 to 15 decimal digits; empty while it is not known, of a Profile of an upstream',
    }),
    state: about('The state of the Profile', EUICCProfileState),
    last_operation_date: Type.Number({ description: 'Unix seconds of the last change of state' }),
    activation_code: Type.String({
      description:
        'LPA:1$…, a secret; empty while there is none (not released yet, or an order for a default SM-DP+), and for a key without the permission codes',
    }),
    reuse_remaining_count: Type.Optional(
      Type.Number({
        description: 'How often the Profile may still go back to RELEASED after it left a device',
      }),
    ),
    reuse_enabled: Type.Optional(
      Type.Boolean({ description: 'Whether the Profile may be downloaded again' }),
    ),
    profile_reuse_policy: Type.Optional(
      about('What happens after the Profile left its device', ProfileReusePolicy),
    ),
    release_date: Type.Optional(Type.Number({ description: 'Unix seconds of the release' })),
    cc_required: Type.Optional(
      Type.Boolean({ description: 'Whether the user must type a confirmation code' }),
    ),
    cc_retries: Type.Optional(
      Type.Number({
        description:
          'Confirmation-code attempts that are left; absent when no code is required, and of a Profile of an upstream, which counts them',
      }),
    ),
    last_operation_at: Type.Optional(Time('last_operation_date as a time')),
    released_at: Type.Optional(Time('release_date as a time')),
    eid: Type.Optional(
      Type.String({ description: 'The eUICC that the Profile is linked to, bound to or installed on' }),
    ),
    state_reason: Type.Optional(
      about('Why the Profile is in ERROR; of a reusable order, why the last download failed', StateReason),
    ),
    state_message: Type.Optional(Type.String({ description: 'The state in words' })),
    smdp_address: Type.Optional(
      Type.String({
        description:
          'The SM-DP+ that serves the download: a host, in labs with a port; of a Profile of an upstream, absent until it is confirmed',
      }),
    ),
    matching_id: Type.Optional(
      Type.String({ description: 'The MatchingID of the order; empty for a default SM-DP+' }),
    ),
    upstream: Type.Optional(
      Type.String({ description: 'The upstream that has the Profile; absent: this SM-DP+ has it' }),
    ),
    pending_operation: Type.Optional(
      about('What was requested from the upstream and has not ended', PendingOperation),
    ),
    profile_type: Type.Optional(Type.String({ description: 'Your name for this type of Profile' })),
    ...shownLabels,
    protection: Type.Optional(
      about(
        'The keys that protect the package; absent of a Profile of an upstream, which has the package',
        ProfileProtection,
      ),
    ),
    order_expires_at: Type.Optional(Time('When the order expires; absent: never')),
    download_attempts_left: Type.Optional(
      Type.Number({
        description:
          'How often the download may still be started; absent while there is no order, and of a Profile of an upstream, which counts that',
      }),
    ),
    reusable: Type.Optional(
      Type.Boolean({ description: 'Whether the order stays RELEASED, whatever its downloads do: for labs' }),
    ),
    device_state: Type.Optional(
      literals(deviceStates, 'Of a reusable order: the state that the last device reported'),
    ),
    install_links: Type.Optional(about('Present when there is an activation code', InstallLinks)),
    last_notification_at: Type.Optional(Time('The last notification from the device')),
    msisdn: Type.Optional(
      Type.String({ description: 'The phone number, as it is on the SIM; absent when the Profile has none' }),
    ),
    codes_hidden: Type.Optional(
      Type.Boolean({
        description:
          'Present when the key lacks the permission codes, and for a session: activation_code is empty, and matching_id and install_links are absent',
      }),
    ),
  },
  { $id: 'GetEUICCProfileResponse', description: 'A Profile', examples: [profileExample] },
);
export type GetEUICCProfileResponse = Static<typeof GetEUICCProfileResponse>;

/** The states in words. */
export const messages: Readonly<Record<ProfileState, string>> = {
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

/** An order that has expired (reason code 4.10) is in the same state as a download that has failed. */
function stateText({ state, reason }: Pick<ProfileView, 'state' | 'reason'>): string {
  return state === 'ERROR' && reason?.reasonCode === '4.10' ? 'the order has expired' : messages[state];
}

/** Members that are undefined are absent. */
type Members<T> = { readonly [N in keyof Required<T>]: T[N] | undefined };

/** A Profile in an answer, with the members in the order of the shape. */
export function profileResponse(
  profile: Profile,
  viewer: Viewer,
  pending?: Operation,
): GetEUICCProfileResponse {
  return viewResponse(viewProfile(profile), viewer, pending);
}

/** Whether a viewer sees no codes of any profile. */
export function hidesCodes({ permissions, session }: Pick<Viewer, 'permissions' | 'session'>): boolean {
  return session !== undefined || !permissions.includes('codes');
}

/** The same for the view of a Profile. `pending`: what is requested from its upstream. */
export function viewResponse(
  profile: ProfileView,
  { env, permissions, session }: Viewer,
  pending?: Operation,
): GetEUICCProfileResponse {
  const { smdpAddress } = env;
  const hidden = hidesCodes({ permissions, session });
  const activationCode = hidden ? '' : activationCodeOf(profile, smdpAddress);
  const { order, reason, device } = profile;
  const isHere = profile.upstream === undefined;
  const labels = isHere ? labelsResponse(profile.metadata) : knownLabels(profile.metadata);
  const members: Members<GetEUICCProfileResponse> = {
    iccid: profile.iccid,
    imsi: profile.imsi,
    state: profile.state,
    last_operation_date: profile.changedAt,
    activation_code: activationCode,
    reuse_remaining_count: order && (order.reusePolicy.type === 'NEVER' ? 0 : order.reusesLeft),
    reuse_enabled: order && order.reusePolicy.type !== 'NEVER' && order.reusesLeft > 0,
    profile_reuse_policy: order && policyResponse(order.reusePolicy),
    release_date: order?.releasedAt,
    cc_required: order && order.confirmationAttemptsLeft !== undefined,
    cc_retries: isHere ? order?.confirmationAttemptsLeft : undefined,
    last_operation_at: timeOfSeconds(profile.changedAt),
    released_at: timeIn(order?.releasedAt),
    eid: profile.eid,
    state_reason: reason && reasonResponse(reason),
    state_message: stateText(profile),
    smdp_address: order?.smdpAddress ?? (isHere ? smdpAddress : undefined),
    matching_id: hidden && order?.matchingId !== '' ? undefined : order?.matchingId,
    upstream: profile.upstream,
    pending_operation: pending && pendingResponse(pending),
    profile_type: profile.profileType,
    service_provider_name: labels.service_provider_name,
    profile_name: labels.profile_name,
    profile_class: labels.profile_class,
    icon_type: labels.icon_type,
    profile_policy_rules: labels.profile_policy_rules,
    profile_owner: labels.profile_owner,
    notification_events: labels.notification_events,
    protection: isHere ? profile.protection : undefined,
    order_expires_at: timeIn(order?.expiresAt),
    download_attempts_left: isHere ? order?.downloadAttemptsLeft : undefined,
    reusable: order?.reusable || undefined,
    device_state: device?.state,
    install_links: activationCode === '' ? undefined : installLinks(activationCode),
    last_notification_at: timeIn(device?.lastNotificationAt),
    msisdn: profile.msisdn,
    codes_hidden: hidden || undefined,
  };
  return members as GetEUICCProfileResponse;
}

function timeIn(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : timeOfSeconds(seconds);
}

function policyResponse({ type, maxCount, cooldownSeconds }: ReusePolicy) {
  return {
    reuse_type: type,
    max_count: maxCount,
    maxReuseCount: maxCount,
    cooldownPeriod: cooldownSeconds,
  };
}
