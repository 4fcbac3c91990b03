import { X509Certificate } from 'node:crypto';
import { endOf, WARNING_DAYS } from '../../keys/own-certificates.ts';
import { timeOf } from '../../shapes/time.ts';
import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import type { UpstreamStore } from '../../store/ports/gateway/upstreams.ts';
import type { Services } from '../frame/operation.ts';
import type { OverviewResponse } from './overview.ts';

export type ExpiringStore = Pick<ApiKeyStore, 'validApiKeys'> & Pick<UpstreamStore, 'upstreams'>;

type Expiring = OverviewResponse['expiring'][number];
type Ending = Pick<Expiring, 'kind' | 'name'> & { readonly at: number };

/** What expires soon or has expired, the first to expire first. `isAdmin`: also what only this permission shows. */
export async function expiringSoon(
  { store, certificates }: Services<ExpiringStore>,
  account: string,
  now: number,
  isAdmin: boolean,
): Promise<Expiring[]> {
  const own = (certificates?.() ?? []).map(endOf);
  const endings: Ending[] = [
    ...own.map(({ name, notAfter }) => ({ kind: 'certificate' as const, name, at: notAfter })),
    ...(isAdmin ? await endingsOfAdmins(store, account, now) : []),
  ];
  return endings
    .filter(({ at }) => at - now < WARNING_DAYS * 86_400_000)
    .sort((one, other) => one.at - other.at)
    .map(({ kind, name, at }) => ({ kind, name, expires_at: timeOf(at) }));
}

async function endingsOfAdmins(store: ExpiringStore, account: string, now: number): Promise<Ending[]> {
  const [keys, upstreams] = await Promise.all([
    store.validApiKeys(account, Math.floor(now / 1000)),
    store.upstreams(account),
  ]);
  return [
    ...upstreams.map(({ name, client }) => ({
      kind: 'upstream' as const,
      name,
      at: new X509Certificate(client.certificate).validToDate.getTime(),
    })),
    ...keys.flatMap(({ id, name = id, expiresAt }) =>
      expiresAt === undefined ? [] : [{ kind: 'key' as const, name, at: expiresAt * 1000 }],
    ),
  ];
}
