import { equal } from '@esim-rsp/codec';
import type { CertificateView } from './certificate.ts';

/** The host of an SM-DP+ address: lower case, without port, brackets or final dot. */
export function hostOf(address: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(address) ?? [];
  const host = bracketed ?? (/^[^:]*:\d+$/.test(address) ? address.replace(/:\d+$/, '') : address);
  return host.toLowerCase().replace(/\.$/, '');
}

/** The octets of an IPv4 address, or of the IPv6 loopback address; other hosts are names. */
export function ipOctets(host: string): Uint8Array | undefined {
  if (host === '::1') return Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? 1 : 0));
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)?.slice(1).map(Number);
  return parts?.every((part) => part <= 255) ? Uint8Array.from(parts) : undefined;
}

/** Whether a TLS certificate names the host (RFC 6125 6.4): names are compared without case, wildcards are not supported, IP addresses must be equal. */
export function namesHost({ dnsNames, ipAddresses }: CertificateView, address: string): boolean {
  const host = hostOf(address);
  const octets = ipOctets(host);
  return octets === undefined
    ? dnsNames.some((name) => hostOf(name) === host)
    : ipAddresses.some((ip) => equal(ip, octets));
}
