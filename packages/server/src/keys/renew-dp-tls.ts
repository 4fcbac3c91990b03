import { join } from 'node:path';
import { equal } from '@esim-rsp/codec';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import {
  type CertificateView,
  type CertifiedKey,
  certificatePem,
  certificatesIn,
} from '@esim-rsp/sgp22/pki/certificate';
import { type FoundCertificate, filesOfRole, PkiError, type PkiFiles } from '@esim-rsp/sgp22/pki/files';
import { hostOf } from '@esim-rsp/sgp22/pki/host';
import { readCi } from '@esim-rsp/sgp22/pki/pki-set';
import { tlsPlan } from '@esim-rsp/sgp22/pki/plans';
import { plainKeysIn } from '@esim-rsp/sgp22/pki/sealed-key';
import { certifyUnder } from '@esim-rsp/sgp22/pki/test-pki';
import type { FileSealing } from '../store/ports/secrets/secret-store.ts';
import { readPkiDirectory, replaceFile } from './pki-directory.ts';
import { openSealedKeys, sealKey } from './sealed-keys.ts';

export type Renewal = {
  readonly directory: string;
  /** The host name of the new certificate. Default: the names of the old one. */
  readonly host?: string;
  /** Unix milliseconds. */
  readonly now: number;
  /** Opens sealed keys. A key that was sealed is replaced by a sealed one. */
  readonly sealing?: FileSealing;
};

/** A certificate that was replaced; `files` are relative to the folder. */
export type Renewed = { readonly certificate: CertificateView; readonly files: readonly string[] };

/**
 * Replaces CERT.DPtls of a test PKI, on each curve, with a new key and certificate under the same CI. A server that reads the folder
 * meanwhile always finds a certificate with its key. Throws a PkiError if the folder does not have the key of the CI.
 */
export async function renewDpTls({ directory, host, now, sealing }: Renewal): Promise<readonly Renewed[]> {
  const stored = await readPkiDirectory(directory);
  const files = stored && sealing ? await openSealedKeys(stored, sealing) : stored;
  const found = files === undefined ? [] : filesOfRole(files, 'dp-tls').certificates;
  const onEachCurve = found.filter(
    ({ certificate: { curve } }, at) => found.findIndex((other) => other.certificate.curve === curve) === at,
  );
  if (files === undefined || onEachCurve.length === 0)
    throw new PkiError(`there is no dp-tls certificate in ${directory}`);
  const issued = onEachCurve.map((old) => ({ old, fresh: issueAgain(files, old, { host, now }) }));
  const renewed = [];
  for (const { old, fresh } of issued) {
    const pemOf = (path: string) => (pem: string) =>
      sealing !== undefined && plainKeysIn(stored?.get(path) ?? new Uint8Array()).length === 0
        ? sealKey(pem, sealing)
        : pem;
    renewed.push(await replace({ directory, files, pemOf }, old.certificate, fresh));
  }
  return renewed;
}

function issueAgain(
  files: PkiFiles,
  { path, certificate }: FoundCertificate,
  { host, now }: { readonly host: string | undefined; readonly now: number },
): CertifiedKey {
  const { curve, authorityKeyIdentifier, registeredIds, subject } = certificate;
  if (curve === undefined) throw new PkiError(`${path} is not on P-256 or brainpoolP256r1`);
  const ci = readCi(files, curve);
  const { subjectKeyIdentifier } = ci.certificate;
  if (
    authorityKeyIdentifier === undefined ||
    !equal(authorityKeyIdentifier, subjectKeyIdentifier ?? new Uint8Array())
  )
    throw new PkiError(`${path} was not issued by the CI in this folder`);
  const hosts = host === undefined ? hostsOf(certificate) : ([host, 'localhost'] as const);
  const env = { random: systemRandom, generateKey: generateSigningKey, now };
  return certifyUnder(env, ci, (issuance) =>
    tlsPlan(issuance, {
      hosts: [...new Set(hosts)] as [string, ...string[]],
      organization: subject.organization ?? '',
      oid: registeredIds[0] ?? '',
    }),
  );
}

/** The names of a certificate, the common name first. */
function hostsOf({ subject, dnsNames, ipAddresses }: CertificateView): readonly string[] {
  const addresses = ipAddresses.filter(({ length }) => length === 4).map((octets) => octets.join('.'));
  const names = [...dnsNames, ...addresses].map(hostOf);
  const first = names.find((name) => name === hostOf(subject.commonName ?? ''));
  return first === undefined ? names : [first, ...names];
}

type Place = {
  readonly directory: string;
  readonly files: PkiFiles;
  /** How a key is written into a file. */
  readonly pemOf: (path: string) => (pem: string) => Promise<string> | string;
};

/** Writes the new key next to the old one, then the certificate, then the new key alone. */
async function replace(
  { directory, files, pemOf }: Place,
  old: CertificateView,
  { certificate, key }: CertifiedKey,
): Promise<Renewed> {
  const { point } = old.publicKey();
  const keyFile = filesOfRole(files, 'dp-tls').keys.find((each) => equal(each.key.verifyingKey.point, point));
  if (keyFile === undefined) throw new PkiError('the private key of the old dp-tls certificate is missing');
  const certificateFiles = filesWith(files, old);
  if (certificateFiles.includes(keyFile.path))
    throw new PkiError(`${keyFile.path} has both a certificate and a key: put them into separate files`);
  const keyPath = join(directory, keyFile.path);
  const write = pemOf(keyFile.path);
  const [fresh, previous] = [await write(key.exportPem()), await write(keyFile.key.exportPem())];
  await replaceFile(keyPath, fresh + previous);
  for (const path of certificateFiles) {
    const isDer = files.get(path)?.[0] === 0x30;
    await replaceFile(join(directory, path), isDer ? certificate.bytes : certificatePem(certificate));
  }
  await replaceFile(keyPath, fresh);
  return { certificate, files: [...certificateFiles, keyFile.path] };
}

/** The files that have this certificate and no other. */
function filesWith(files: PkiFiles, { bytes }: CertificateView): string[] {
  return [...files].flatMap(([path, content]) => {
    const has = isCertificateFile(path) ? certificatesIn(content) : [];
    if (!has.some((each) => equal(each, bytes))) return [];
    if (has.length > 1) throw new PkiError(`${path} has several certificates: put them into separate files`);
    return [path];
  });
}

function isCertificateFile(path: string): boolean {
  return /\.(?:der|pem|crt|cer)$/i.test(path);
}
