import { resolve } from 'node:path';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { PkiError, type PkiFiles } from '@esim-rsp/sgp22/pki/files';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { fields, note, type OutputOptions, show } from '../../output.ts';
import { type CertificateSummary, summarizeCertificates } from '../../pki/certificates.ts';
import { serverAddresses } from '../../running.ts';

type Options = OutputOptions & { readonly dir?: string };

/** `esim pki show`: shows the certificates of a PKI folder, and whether their keys are present. */
export function configure(command: Command): void {
  command
    .option('--dir <folder>', "the folder; default: the server's folder (ESIM_PKI_DIR)")
    .option('--json', 'write JSON to stdout')
    .action(showPki);
  examples(command, {
    'esim pki show': "show the server's certificates",
    'esim pki show --dir ./sgp26 --json': 'the certificates of another folder, as JSON',
  });
}

async function showPki({ dir, json }: Options): Promise<void> {
  const directory = resolve(dir ?? serverAddresses().pkiDir);
  const certificates = await certificatesIn(directory);
  const text = certificates
    .map((each) => `${each.role}  ${each.file}\n${fields(fieldsOf(each))}`)
    .join('\n\n');
  show(json ? { json } : {}, { directory, certificates }, text);
  if (json) return;
  for (const { file, faults } of certificates) for (const fault of faults) note(`warning: ${file}: ${fault}`);
}

async function certificatesIn(directory: string): Promise<CertificateSummary[]> {
  const files = await filesIn(directory);
  if (files === undefined)
    throw new CliError(`there is no PKI in ${directory}: create one with 'esim pki init --dir ${directory}'`);
  try {
    const certificates = summarizeCertificates(files, Date.now());
    if (certificates.length > 0) return certificates;
  } catch (error) {
    if (error instanceof PkiError)
      throw new CliError(`the PKI in ${directory} cannot be read: ${error.message}`);
    throw error;
  }
  throw new CliError(
    `${directory} has no certificates: use the file names of SGP.26, such as CERT_CI_ECDSA_NIST.der, or a manifest.json`,
  );
}

async function filesIn(directory: string): Promise<PkiFiles | undefined> {
  try {
    return await readPkiDirectory(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof PkiError) throw new CliError(error.message);
    if (code === undefined) throw error;
    throw new CliError(`the folder ${directory} cannot be read (${code})`);
  }
}

function fieldsOf(certificate: CertificateSummary): [string, string][] {
  const { subject, curve, valid_from, valid_until, days_left, key_id, oids, names } = certificate;
  return [
    ['  subject', subject],
    ['  curve', curve ?? 'a curve that RSP does not use'],
    ['  valid', `${valid_from} to ${valid_until}`],
    ['  days left', String(days_left)],
    ['  key id', key_id ?? '-'],
    ...(oids.length === 0 ? [] : [['  OID', oids.join(', ')] as [string, string]]),
    ...(names.length === 0 ? [] : [['  names', names.join(', ')] as [string, string]]),
    ['  private key', keyText(certificate)],
  ];
}

function keyText({ has_key, key_sealed, token_keys }: CertificateSummary): string {
  if (key_sealed) return 'present, sealed';
  if (has_key) return 'present';
  if (token_keys.length === 0) return 'missing';
  return `in a token, see ${token_keys.join(', ')} (esim pki check)`;
}
