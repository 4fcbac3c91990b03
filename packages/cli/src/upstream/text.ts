import type { Upstream, UpstreamCertificate, UpstreamType } from '@esim-rsp/sdk';

export function upstreamFields(upstream: Upstream): [string, string][] {
  const { client_certificate: certificate, ca, callback, notification_points: points } = upstream;
  return [
    ['name', upstream.name],
    ['url', upstream.url],
    ['client certificate', certificateText(certificate)],
    ['ca', ca.length === 0 ? 'the public CAs' : ca.join('; ')],
    ['callback', callback.length === 0 ? 'it cannot report downloads' : callback.join('; ')],
    ['requester', upstream.requester_identifier],
    ['smdp address', upstream.smdp_address],
    ['admin protocol', upstream.admin_protocol],
    ['status call', upstream.status_call],
    ['repeats answers', upstream.repeats_answers ? 'yes' : 'no'],
    ['takes back', upstream.takes_back],
    ['concurrency', String(upstream.concurrency)],
    ['timeout', `${upstream.timeout_seconds} s`],
    ['iccid padding', upstream.iccid_padding],
    ['points', points.map(({ point, meaning }) => `${point}=${meaning}`).join(',')],
    ['created at', upstream.created_at],
  ];
}

/** What cannot be done with its profiles, and the limits of what can. */
export function capabilityFields({ capabilities }: Upstream): [string, string][] {
  const can = capabilities.filter(({ supported }) => supported).map(({ name }) => name);
  const cannot = capabilities.filter(({ supported, reason }) => !supported && reason !== undefined);
  return [
    ['can', can.join(', ')],
    ...cannot.map(({ name, reason = '' }) => ['cannot', `${name}: ${reason}`] satisfies [string, string]),
  ];
}

export function certificateText({ subject, not_after, days_left }: UpstreamCertificate): string {
  return `${subject}, until ${not_after.slice(0, 10)} (${days_left} days)`;
}

/** The name that the vendor uses, and what is ready. */
export function typeText(type: UpstreamType): string {
  const { profile_type, vendor_type, keep_ready, batch, ready, reserving, last_error, next_attempt_at } =
    type;
  const name = `${profile_type} (${vendor_type})`;
  if (keep_ready === 0 && ready === 0 && reserving === 0) return name;
  const onTheWay = reserving === 0 ? '' : `, ${reserving} on the way`;
  const mark = keep_ready === 0 ? '' : `, below ${keep_ready}: ${batch} more`;
  const then = next_attempt_at === undefined ? '' : `, next at ${next_attempt_at}`;
  const error = last_error === undefined ? '' : `; last error: ${last_error.message}${then}`;
  return `${name}: ${ready} ready${onTheWay}${mark}${error}`;
}
