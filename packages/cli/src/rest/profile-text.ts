import type { GetEUICCProfileResponse } from '@esim-rsp/sdk';

function date(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}

/** All that is known of a profile, a line each; what is not there is left out. */
export function profileText(profile: GetEUICCProfileResponse): string {
  const reason = profile.state_reason;
  const policy = profile.profile_reuse_policy;
  const lines: readonly (readonly [string, string | number | undefined])[] = [
    ['ICCID', profile.iccid],
    ['IMSI', profile.imsi],
    ['state', `${profile.state}${profile.state_message ? ` (${profile.state_message})` : ''}`],
    ['reason', reason && `${reason.message} (${reason.subject_code}/${reason.reason_code})`],
    ['since', date(profile.last_operation_date)],
    ['activation code', profile.activation_code || undefined],
    ['EID', profile.eid],
    ['provider', profile.service_provider_name || undefined],
    ['name', profile.profile_name || undefined],
    ['class', profile.profile_class],
    ['type', profile.profile_type],
    ['SM-DP+', profile.smdp_address],
    ['released', date(profile.release_date)],
    ['order expires', date(profile.order_expires_at)],
    ['downloads left', profile.download_attempts_left],
    ['confirmation code', codeText(profile)],
    ['reuse', policy && `${policy.reuse_type}, ${profile.reuse_remaining_count} of ${policy.max_count} left`],
    ['last notification', date(profile.last_notification_at)],
  ];
  const there = lines.filter(([, value]) => value !== undefined);
  const width = Math.max(...there.map(([name]) => name.length));
  return there.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function codeText({ cc_required, cc_retries }: GetEUICCProfileResponse): string | undefined {
  if (!cc_required) return undefined;
  return `required, ${cc_retries} ${cc_retries === 1 ? 'attempt' : 'attempts'} left`;
}
