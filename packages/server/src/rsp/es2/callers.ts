import type { X509Certificate } from 'node:crypto';
import * as crypto from 'node:crypto';
import { sameSecret, sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { recent } from '../../limits/recent.ts';
import type { Operator, OperatorStore } from '../../store/ports/operators.ts';
import { issuedUnder, isValid } from './client-chain.ts';

/** Operators are looked up again after this time, so that one that was removed is refused. */
const TRUSTED_MILLISECONDS = 2000;
const CAS = 200;

/** The operators that a TLS client certificate stands for; several where they share it or its CA. */
export type OperatorsOf = (certificate: X509Certificate, now: number) => Promise<readonly Operator[]>;

/** The private key behind the certificate was proven in the handshake; who that makes of the caller is found out here. */
export function operatorFinder(store: OperatorStore): OperatorsOf {
  const cas = recent<X509Certificate>(CAS);
  let known: { readonly operators: readonly Operator[]; readonly until: number } | undefined;

  const caOf = (caCertificate: Uint8Array): X509Certificate => {
    const key = Buffer.from(caCertificate).toString('latin1');
    const ca = cas.get(key) ?? new crypto.X509Certificate(caCertificate);
    cas.set(key, ca);
    return ca;
  };
  const isOf = ({ identity }: Operator, certificate: X509Certificate, now: number): boolean =>
    'certificateSha256' in identity
      ? sameSecret(identity.certificateSha256, sha256(certificate.raw))
      : issuedUnder(certificate, caOf(identity.caCertificate), now);

  const lookedUp = async (now: number): Promise<readonly Operator[]> => {
    const operators = await store.operators();
    known = { operators, until: now + TRUSTED_MILLISECONDS };
    return operators;
  };

  return async (certificate, now) => {
    if (!isValid(certificate, now)) return [];
    const those = (operators: readonly Operator[]) =>
      operators.filter((operator) => isOf(operator, certificate, now));
    const found = known !== undefined && now < known.until ? those(known.operators) : [];
    return found.length > 0 ? found : those(await lookedUp(now)); // one that was added a moment ago is let in
  };
}
