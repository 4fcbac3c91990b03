import { ADMIN_PROTOCOL } from '@esim-rsp/sgp22/functions/header';
import { parseSmdpAddress } from '@esim-rsp/sgp22/value/activation-code';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Static, Type } from '@sinclair/typebox';
import { certificatesText, readClientIdentity } from '../../delivery/upstream/identity.ts';
import { parseUpstreamUrl } from '../../delivery/upstream/url.ts';
import type { Upstream, UpstreamDialect } from '../../store/ports/gateway/upstreams.ts';
import { dialectMembers, settings } from './upstream.ts';

const dialectShape = Type.Partial(Type.Object(dialectMembers));
const settingsShape = Type.Partial(Type.Object(settings));
type Removable = 'ca' | 'callback_certificate';
type Requested = Static<typeof dialectShape> &
  Omit<Static<typeof settingsShape>, Removable> & { readonly [N in Removable]?: string | null };

/** Points 1 to 4 are those of SGP.22; 6 to 8 and 101, 102, 5 are common for what the user does with a profile. */
export const defaultDialect: UpstreamDialect = {
  adminProtocol: ADMIN_PROTOCOL,
  statusCall: 'none',
  repeatsAnswers: true,
  takesBack: 'until_download',
  concurrency: 4,
  timeoutSeconds: 30,
  iccidPadding: 'none',
  points: {
    1: 'eligibility',
    2: 'confirmation_code',
    3: 'downloaded',
    4: 'installed',
    6: 'enabled',
    7: 'disabled',
    8: 'deleted',
  },
};

export type UpstreamSettings = Omit<Upstream, 'account' | 'name' | 'createdAt'>;

/** The settings of a request over those of before; throws a ValueError for one that is not valid. */
export function changeSettings(
  before: UpstreamSettings,
  requested: Requested,
  allowPrivate: boolean,
): UpstreamSettings {
  const { ca: earlierCa, callback: earlierCallback, ...others } = before;
  const ca = requested.ca === undefined ? earlierCa : requested.ca;
  const asked = requested.callback_certificate;
  const callback = asked === undefined ? earlierCallback : asked;
  return {
    ...others,
    ...(requested.url !== undefined && { url: parseUpstreamUrl(requested.url, allowPrivate) }),
    ...clientIn(before, requested),
    ...(ca && { ca: certificatesText(ca, 'ca') }),
    ...(callback && { callback: certificatesText(callback, 'callback_certificate') }),
    ...(requested.requester_identifier !== undefined && {
      requesterIdentifier: requested.requester_identifier,
    }),
    ...(requested.smdp_address !== undefined && { smdpAddress: addressIn(requested.smdp_address) }),
    dialect: changeDialect(before.dialect, requested),
  };
}

function addressIn(text: string): string {
  try {
    return parseSmdpAddress(text);
  } catch {
    throw new ValueError('must be a host name, in labs with :port, without scheme or path', {
      field: 'smdp_address',
    });
  }
}

function clientIn({ client }: UpstreamSettings, requested: Requested): Partial<UpstreamSettings> {
  const { client_certificate: certificate, client_key: key } = requested;
  if (certificate === undefined && key === undefined) return {};
  return { client: readClientIdentity(certificate ?? client.certificate, key ?? client.key) };
}

function changeDialect(before: UpstreamDialect, requested: Requested): UpstreamDialect {
  const { notification_points: points } = requested;
  return {
    adminProtocol: requested.admin_protocol ?? before.adminProtocol,
    statusCall: requested.status_call ?? before.statusCall,
    repeatsAnswers: requested.repeats_answers ?? before.repeatsAnswers,
    takesBack: requested.takes_back ?? before.takesBack,
    concurrency: requested.concurrency ?? before.concurrency,
    timeoutSeconds: requested.timeout_seconds ?? before.timeoutSeconds,
    iccidPadding: requested.iccid_padding ?? before.iccidPadding,
    points: points === undefined ? before.points : pointsIn(points),
  };
}

function pointsIn(points: NonNullable<Requested['notification_points']>): UpstreamDialect['points'] {
  const map = Object.fromEntries(points.map(({ point, meaning }) => [point, meaning]));
  if (Object.keys(map).length === points.length) return map;
  throw new ValueError('has a point twice', { field: 'notification_points' });
}
