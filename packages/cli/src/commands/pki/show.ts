import { equal, toHex } from '@esim-rsp/codec';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { type FoundCertificate, filesOfRole, PkiError, type PkiFiles } from '@esim-rsp/sgp22/pki/files';
import { type Role, roles } from '@esim-rsp/sgp22/pki/roles';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { note, type Shown, show as write } from '../../output.ts';

type Options = Shown & { readonly dir?: string };

/** `esim pki show`: what a folder of certificates and keys holds. */
export function configure(command: Command): void {
  command
    .option('--dir <folder>', 'which folder (ESIM_PKI_DIR)')
    .option('--json', 'write JSON to stdout')
    .action(show);
  examples(command, {
    'esim pki show': 'show the certificates of the server',
    'esim pki show --dir ./sgp26 --json': 'those of another folder, for programs',
  });
}

async function show(options: Options): Promise<void> {
  const directory = options.dir ?? localConfig().pkiDir;
  const certificates = await certificatesIn(directory);
  for (const { file, validity } of certificates) if (validity !== 'valid') note(`${file} is ${validity}`);
  write(options, { directory, certificates }, certificates.map(inWords).join('\n\n'));
}

async function certificatesIn(directory: string): Promise<readonly Entry[]> {
  try {
    const files = await readPkiDirectory(directory);
    if (files !== undefined) return (Object.keys(roles) as Role[]).flatMap((role) => ofRole(files, role));
  } catch (error) {
    if (error instanceof PkiError) throw new CliError(`${directory} cannot be used: ${error.message}`);
    throw error;
  }
  throw new CliError(`there is nothing in ${directory}: make a test PKI with 'esim pki init'`);
}

type Entry = ReturnType<typeof entry>;

function ofRole(files: PkiFiles, role: Role): Entry[] {
  const { certificates, keys } = filesOfRole(files, role);
  return certificates.map((found) => {
    const own = keys.find(({ key }) => equal(key.verifyingKey.point, found.certificate.publicKey().point));
    return entry(role, found, own?.path);
  });
}

function entry(role: Role, { path, certificate }: FoundCertificate, keyFile: string | undefined) {
  const { subject, curve, notBefore, notAfter, subjectKeyIdentifier, authorityKeyIdentifier } = certificate;
  const { organization, commonName, serialNumber } = subject;
  return {
    role,
    file: path,
    subject: [organization, commonName, serialNumber].filter((part) => part !== undefined).join(', '),
    curve: curve ?? 'unknown',
    not_before: new Date(notBefore).toISOString(),
    not_after: new Date(notAfter).toISOString(),
    validity: validityAt(Date.now(), notBefore, notAfter),
    key_id: subjectKeyIdentifier && toHex(subjectKeyIdentifier),
    issuer_key_id: authorityKeyIdentifier && toHex(authorityKeyIdentifier),
    oids: certificate.registeredIds,
    dns_names: certificate.dnsNames,
    key_file: keyFile,
  };
}

function validityAt(now: number, notBefore: number, notAfter: number): 'valid' | 'expired' | 'not valid yet' {
  if (now > notAfter) return 'expired';
  return now < notBefore ? 'not valid yet' : 'valid';
}

function inWords(found: Entry): string {
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['subject', found.subject],
    ['curve', found.curve],
    ['valid', `${found.not_before} to ${found.not_after}`],
    ['key id', found.key_id],
    ['issuer', found.issuer_key_id],
    ['OID', found.oids.join(', ') || undefined],
    ['names', found.dns_names.join(', ') || undefined],
    ['private key', found.key_file ?? 'not here'],
  ];
  const told = lines.flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${name.padEnd(12)}${value}`],
  );
  return [`${found.role}  ${found.file}`, ...told].join('\n');
}
