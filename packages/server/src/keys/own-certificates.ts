import { type CertificateView, type CertifiedKey, readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import { serialNumberFault, validityFault } from '@esim-rsp/sgp22/pki/checks';
import type { Role } from '@esim-rsp/sgp22/pki/roles';
import type { TrustedCi } from '@esim-rsp/sgp22/pki/trust';
import type { CertificateSet } from '@esim-rsp/smdp/env';

/** A certificate that this server uses: one of its own, or a CI that it trusts. */
export type OwnCertificate = {
  readonly role: Extract<Role, 'ci' | 'dp-auth' | 'dp-pb' | 'dp-tls'>;
  readonly certificate: CertificateView;
};

export type CertificatesInUse = {
  readonly trust: readonly TrustedCi[];
  readonly certificates: readonly CertificateSet[];
  readonly dpTls?: readonly CertifiedKey[] | undefined;
};

/** All of them, the CIs first. */
export function listCertificates({ trust, certificates, dpTls = [] }: CertificatesInUse): OwnCertificate[] {
  return [
    ...trust.map(({ certificate }) => ({ role: 'ci' as const, certificate })),
    ...certificates.flatMap(({ dpAuth, dpPb }) => [
      { role: 'dp-auth' as const, certificate: readCertificate(dpAuth.certificate) },
      { role: 'dp-pb' as const, certificate: readCertificate(dpPb.certificate) },
    ]),
    ...dpTls.map(({ certificate }) => ({ role: 'dp-tls' as const, certificate })),
  ];
}

/** What is unusual about the certificates but accepted, one sentence each: an expired CI, an invalid serial number. */
export function findDoubts(keys: CertificatesInUse, now: number): string[] {
  return listCertificates(keys).flatMap(({ role, certificate }) => {
    const faults = [
      serialNumberFault(certificate),
      role === 'ci' ? validityFault(certificate, now) : undefined,
    ];
    return faults.flatMap((fault) =>
      fault === undefined ? [] : [`the ${role} certificate ${nameOf(certificate)}: ${fault}`],
    );
  });
}

/** A certificate by its role and its name, and its end in Unix milliseconds. */
export function endOf({ role, certificate }: OwnCertificate): {
  readonly name: string;
  readonly notAfter: number;
} {
  return { name: `${role} ${nameOf(certificate)}`, notAfter: certificate.notAfter };
}

const DAY = 86_400_000;

/** Whole days until the certificate expires; negative after that. `now`: Unix milliseconds. */
export function daysLeft({ notAfter }: Pick<CertificateView, 'notAfter'>, now: number): number {
  return Math.floor((notAfter - now) / DAY);
}

/** A warning is logged from this many days before the end. */
export const WARNING_DAYS = 30;

/** A sentence for each certificate that expires within 30 days or has expired. `now`: Unix milliseconds. */
export function expiryWarnings(certificates: readonly OwnCertificate[], now: number): string[] {
  return certificates.flatMap(({ role, certificate }) => {
    const days = daysLeft(certificate, now);
    if (days >= WARNING_DAYS) return [];
    const end = new Date(certificate.notAfter).toISOString().slice(0, 10);
    const when =
      days < 0 ? `expired on ${end}` : `expires in ${days} ${days === 1 ? 'day' : 'days'}, on ${end}`;
    return [`the ${role} certificate ${nameOf(certificate)} ${when}: ${remedies[role] ?? remedies.other}`];
  });
}

const remedies: Readonly<Record<string, string>> & { readonly other: string } = {
  'dp-tls':
    "renew it with 'esim pki renew' (a test PKI), or put a new one into the PKI folder; no restart is needed",
  other: 'put a new one into the PKI folder and restart the server',
};

function nameOf({ subject: { commonName, organization } }: CertificateView): string {
  return `"${commonName ?? organization ?? 'without a name'}"`;
}
