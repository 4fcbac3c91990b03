import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Static, Type } from '@sinclair/typebox';
import type { CoreAccess } from '../../delivery/core/core-kind.ts';
import { kindMembers, membersOf } from '../../delivery/core/kind-members.ts';
import { parseCoreUrl } from '../../delivery/core/url.ts';
import { certificatesText, readClientIdentity } from '../../delivery/upstream/identity.ts';
import {
  type CoreColumn,
  type CoreCredentials,
  type CoreKind,
  type CoreNetwork,
  type CoreSettings,
  makeCoreCredentials,
  type SubscriptionTerms,
} from '../../store/ports/gateway/core-networks.ts';
import { formatSecret, generateSecret, parseSecret } from '../../store/ports/webhook-secret.ts';
import { connectionMembers, credentialMembers, termMembers } from './core-network.ts';

const requestedShape = Type.Partial(Type.Object({ ...connectionMembers, ...termMembers }));
type Shape = Static<typeof requestedShape>;
type Removable = 'ca' | 'sd' | 'plmn' | 'token';
type Requested = Omit<Shape, Removable> & { readonly [N in Removable]?: string | null };
type Access = Pick<CoreAccess, 'allowPrivate' | 'files'>;

const defaultTerms: SubscriptionTerms = {
  amf: '8000',
  sqn: 0,
  apn: 'internet',
  sst: 1,
  ambrDownlinkMbps: 1000,
  ambrUplinkMbps: 1000,
};

/** What requests set of a core network. */
export type CoreConnection = Pick<CoreNetwork, 'kind' | 'url' | 'settings' | 'credentials'>;

/** A core network of a kind, before the request is applied. */
export function newConnection(
  kind: CoreKind,
  columns: readonly CoreColumn[] | undefined,
  random: Random,
): CoreConnection {
  if (columns !== undefined && !membersOf[kind].needs.includes('columns')) throw notOf(kind, 'columns');
  if (columns !== undefined && !columns.includes('imsi'))
    throw new ValueError('must have imsi, by which lines are found again', { field: 'columns' });
  const all = { when: 'released', remove: true, profileTypes: [], terms: defaultTerms } as const;
  return {
    kind,
    url: '',
    settings: { ...all, ...(columns !== undefined && { columns }) },
    credentials: makeCoreCredentials(kind === 'push' ? { secret: formatSecret(generateSecret(random)) } : {}),
  };
}

/** The settings of a request over those of before; throws a ValueError for one that is not valid, or that the kind does not have. */
export function changeConnection(
  before: CoreConnection,
  requested: Requested,
  { allowPrivate }: Access,
): CoreConnection {
  const { kind } = before;
  const { needs, may } = membersOf[kind];
  for (const member of kindMembers)
    if (Object.hasOwn(requested, member) && ![...needs, ...may].includes(member)) throw notOf(kind, member);
  return {
    kind,
    url: requested.url === undefined ? before.url : parseCoreUrl(kind, requested.url, allowPrivate),
    settings: changeSettings(before.settings, requested),
    credentials: changeCredentials(before.credentials, requested),
  };
}

function notOf(kind: CoreKind, member: string): ValueError {
  return new ValueError(`is not a setting of ${kind}`, { field: member });
}

/** The same; throws a ValueError if it lacks what its kind needs. */
export function mustBeComplete(connection: CoreConnection, { files }: Access): CoreConnection {
  const { kind, url, settings, credentials } = connection;
  const { schemes, needs } = membersOf[kind];
  if (schemes.length === 0 && files === undefined)
    throw new ValueError('needs a folder for its file: set ESIM_CORE_FILES on the server', { field: 'kind' });
  const isThere = (member: string) =>
    (member === 'url' && url !== '') ||
    settings[member as keyof CoreSettings] !== undefined ||
    credentials[credentialMembers[member as keyof typeof credentialMembers]] !== undefined;
  const missing = needs.find((member) => !isThere(member));
  if (missing !== undefined) throw new ValueError(`is missing: ${kind} needs it`, { field: missing });
  return connection;
}

/** null: none. */
const or = (requested: string | null | undefined, before: string | undefined) =>
  requested === undefined ? before : (requested ?? undefined);

function changeSettings(before: CoreSettings, requested: Requested): CoreSettings {
  const ca = or(requested.ca, before.ca);
  const plmn = or(requested.plmn, before.plmn);
  const network = requested.network ?? before.network;
  return {
    when: requested.when ?? before.when,
    remove: requested.remove ?? before.remove,
    profileTypes: requested.profile_types ?? before.profileTypes,
    terms: changeTerms(before.terms, requested),
    ...(ca !== undefined && { ca: certificatesText(ca, 'ca') }),
    ...(plmn !== undefined && { plmn }),
    ...(network !== undefined && { network }),
    ...(before.columns !== undefined && { columns: before.columns }),
  };
}

function changeTerms(before: SubscriptionTerms, requested: Requested): SubscriptionTerms {
  const sd = or(requested.sd, before.sd);
  return {
    amf: requested.amf?.toLowerCase() ?? before.amf,
    sqn: requested.sqn ?? before.sqn,
    apn: requested.apn ?? before.apn,
    sst: requested.sst ?? before.sst,
    ...(sd !== undefined && { sd: sd.toLowerCase() }),
    ambrDownlinkMbps: requested.ambr_downlink_mbps ?? before.ambrDownlinkMbps,
    ambrUplinkMbps: requested.ambr_uplink_mbps ?? before.ambrUplinkMbps,
  };
}

function changeCredentials(before: CoreCredentials, requested: Requested): CoreCredentials {
  const { clientCertificate, clientKey } = before;
  const token = or(requested.token, before.token);
  const user = requested.user ?? before.user;
  const password = requested.password ?? before.password;
  const secret = requested.secret === undefined ? before.secret : formatSecret(parseSecret(requested.secret));
  const certificate = requested.client_certificate ?? clientCertificate;
  const key = requested.client_key ?? clientKey;
  const identity =
    certificate === undefined || key === undefined ? undefined : readClientIdentity(certificate, key);
  return makeCoreCredentials({
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(token !== undefined && { token }),
    ...(secret !== undefined && { secret }),
    ...(identity !== undefined && { clientCertificate: identity.certificate, clientKey: identity.key }),
  });
}
