import { X509Certificate } from 'node:crypto';
import { certificatesIn } from '@esim-rsp/sgp22/pki/certificate';
import type { Upstream, UpstreamStore } from '../../store/ports/gateway/upstreams.ts';
import type { ClientCertificate } from './client-certificate.ts';
import { isForClients, isIssuedUnder, isValid } from './client-chain.ts';

/** How long the list of upstreams is cached. */
const CACHE_MS = 2000;

/** Finds the upstreams that a TLS client certificate belongs to: several if accounts have the same vendor. `now`: Unix milliseconds. */
export type FindUpstreams = (client: ClientCertificate, now: number) => Promise<readonly Upstream[]>;

type Known = { readonly upstream: Upstream; readonly certificates: readonly X509Certificate[] };

/** The certificate of an upstream is one of those in its settings, or issued under one of them. */
export function createUpstreamFinder(store: Pick<UpstreamStore, 'upstreams'>): FindUpstreams {
  let cached: { readonly known: readonly Known[]; readonly until: number } | undefined;
  const read = async (now: number) => {
    if (cached !== undefined && now < cached.until) return cached.known;
    const known = (await store.upstreams()).flatMap((upstream) =>
      upstream.callback === undefined ? [] : [{ upstream, certificates: certificatesOf(upstream.callback) }],
    );
    cached = { known, until: now + CACHE_MS };
    return known;
  };
  return async (client, now) => {
    if (!isValid(client.certificate, now) || !isForClients(client.certificate)) return [];
    const known = await read(now);
    return known
      .filter(({ certificates }) => certificates.some((one) => matches(one, client, now)))
      .map(({ upstream }) => upstream);
  };
}

function certificatesOf(pem: string): readonly X509Certificate[] {
  return certificatesIn(Buffer.from(pem, 'utf8')).map((der) => new X509Certificate(der));
}

function matches(
  known: X509Certificate,
  { certificate, forwarded }: ClientCertificate,
  now: number,
): boolean {
  if (known.fingerprint256 === certificate.fingerprint256) return true;
  return !forwarded && known.ca && isIssuedUnder(certificate, known, now);
}
