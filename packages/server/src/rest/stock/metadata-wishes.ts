import { fromBase64, fromHex } from '@esim-rsp/codec';
import type { MetadataOptions } from '@esim-rsp/sgp22/profile/metadata';
import { notificationEventNames } from '@esim-rsp/sgp22/profile/metadata';
import { HttpProblem } from '../frame/problem.ts';
import type { CreateEUICCProfileRequest } from '../profiles/schemas.ts';

type Labels = Pick<
  CreateEUICCProfileRequest,
  'icon' | 'profile_policy_rules' | 'profile_owner' | 'notification_events'
>;

/** Throws 400 that names the field. */
export function bytesOf(base64: string, field: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch {
    const message = 'is not base64';
    throw new HttpProblem(400, 'validation_failed', `${field} ${message}`, [{ field, message }]);
  }
}

/** What a body says of the metadata beyond the names. */
export function metadataWishes(body: Labels): MetadataOptions {
  const { icon, profile_policy_rules, profile_owner: owner, notification_events } = body;
  return {
    ...(icon !== undefined && { icon: bytesOf(icon, 'icon') }),
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
