import { X509Certificate } from 'node:crypto';
import { sameSecret, sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { createLruCache } from '../../limits/lru-cache.ts';
import type { Operator, OperatorStore } from '../../store/ports/operators.ts';
import type { ClientCertificate } from './client-certificate.ts';
import { isForClients, isIssuedUnder, isValid } from './client-chain.ts';

/** How long the list of operators is cached. A deleted operator is refused after this time. */
const CACHE_MS = 2000;
const MAX_CAS = 200;
/** Client certificates that were read. An operator has one or two, on many calls. */
const MAX_CLIENTS = 1000;

/** Finds the operators of a TLS client certificate: several if they share it or its CA. `now`: Unix milliseconds. */
export type FindOperators = (client: ClientCertificate, now: number) => Promise<readonly Operator[]>;

/** Identifies the operator by its certificate. The TLS handshake, with this server or with a listed proxy, has already proved the private key. */
export function createOperatorFinder(store: OperatorStore): FindOperators {
  const cas = createLruCache<X509Certificate>(MAX_CAS);
  const clients = createLruCache<boolean>(MAX_CLIENTS);
  let cached: { readonly operators: readonly Operator[]; readonly until: number } | undefined;

  const caOf = (caCertificate: Uint8Array): X509Certificate => {
    const key = Buffer.from(caCertificate).toString('latin1');
    const ca = cas.get(key) ?? new X509Certificate(caCertificate);
    cas.set(key, ca);
    return ca;
  };
  const isClient = (certificate: X509Certificate): boolean => {
    const key = certificate.fingerprint256;
    const known = clients.get(key) ?? isForClients(certificate);
    clients.set(key, known);
    return known;
  };
  const matches = (
    { identity }: Operator,
    { certificate, forwarded }: ClientCertificate,
    now: number,
  ): boolean =>
    'certificateSha256' in identity
      ? sameSecret(identity.certificateSha256, sha256(certificate.raw))
      : !forwarded && isIssuedUnder(certificate, caOf(identity.caCertificate), now);

  const readOperators = async (now: number): Promise<readonly Operator[]> => {
    const operators = await store.operators();
    cached = { operators, until: now + CACHE_MS };
    return operators;
  };

  return async (client, now) => {
    if (!isValid(client.certificate, now) || !isClient(client.certificate)) return [];
    const filterByCertificate = (operators: readonly Operator[]) =>
      operators.filter((operator) => matches(operator, client, now));
    const found = cached !== undefined && now < cached.until ? filterByCertificate(cached.operators) : [];
    return found.length > 0 ? found : filterByCertificate(await readOperators(now)); // the operator may be new: read again
  };
}
