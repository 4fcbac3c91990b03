import { readFileSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DerError, equal } from '@esim-rsp/codec';
import { replaceFile } from '@esim-rsp/server/keys/pki-directory';
import { openTokenKeys } from '@esim-rsp/server/keys/token/token-keys';
import { type CertificateView, certificatesIn, readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import { requestRoles } from '@esim-rsp/sgp22/pki/certification-request';
import { dateText } from '@esim-rsp/sgp22/pki/checks';
import { filesOfRole, type NamedRole, type PkiFiles, pkiFilePath } from '@esim-rsp/sgp22/pki/files';
import { readTrust } from '@esim-rsp/sgp22/pki/pki-set';
import { roles } from '@esim-rsp/sgp22/pki/roles';
import { verifyServerChain } from '@esim-rsp/sgp22/pki/server-chain';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { note, type OutputOptions, show } from '../../output.ts';
import { explain, pkiFilesIn } from '../../pki/tokens.ts';
import { serverAddresses } from '../../running.ts';

type Options = OutputOptions & { readonly dir?: string; readonly replace?: true };

/** `esim pki import`: puts a certificate of a CI into the PKI folder, after all checks that the server makes at its start. */
export function configure(command: Command): void {
  command
    .argument('<file>', 'the certificate, in DER or PEM')
    .option(
      '--replace',
      'replace the certificate of the same role and curve; the old file is kept with the ending .old',
    )
    .option('--dir <folder>', "PKI folder; default: the server's folder (ESIM_PKI_DIR)")
    .option('--json', 'write JSON to stdout')
    .action(importCertificate);
  examples(command, {
    'esim pki import dp-auth.pem': 'use the certificate that the CI has sent',
    'esim pki import dp-auth-2036.pem --replace': 'use it instead of the one that expires',
  });
}

async function importCertificate(file: string, { dir, replace, json }: Options): Promise<void> {
  const directory = resolve(dir ?? serverAddresses().pkiDir);
  const certificate = certificateIn(file);
  const files = await pkiFilesIn(directory);
  const role = requestRoles.find((each) => certificate.policies.includes(roles[each]));
  if (role === undefined)
    throw new CliError(
      `${file} is no certificate of ${requestRoles.join(', ')}; copy one of a CI into the folder yourself`,
    );
  const { curve, notAfter } = certificate;
  const verified = await explain(
    (async () => verifyServerChain({ certificate, role, trust: readTrust(files), now: Date.now() }))(),
  );
  if (!verified.ok || curve === undefined)
    throw new CliError(
      `${file} is no usable ${role} certificate: ${verified.ok ? 'its curve' : verified.detail}`,
    );
  const key = await keyFileOf(files, role, certificate);
  const old = filesOfRole(files, role).certificates.filter((each) => each.certificate.curve === curve);
  if (old.length > 0 && !replace && !old.some((each) => equal(each.certificate.bytes, certificate.bytes)))
    throw new CliError(
      `${directory} has a ${role} certificate on ${curve}: ${old[0]?.path}. Use --replace to replace it`,
    );
  const path = pkiFilePath('CERT', role, curve);
  const replaced = await moveAway(
    directory,
    files,
    old.map((each) => each.certificate),
  );
  await mkdir(dirname(join(directory, path)), { recursive: true, mode: 0o700 });
  await replaceFile(join(directory, path), certificate.bytes);
  show(
    json ? { json } : {},
    { role, file: join(directory, path), key, valid_until: dateText(notAfter), replaced },
    `The ${role} certificate is in ${join(directory, path)}; its key: ${key}.`,
  );
  if (!json) note('check all: esim pki check; then restart the server');
}

function certificateIn(file: string): CertificateView {
  try {
    const [bytes, second] = certificatesIn(readFileSync(file));
    if (bytes === undefined || second !== undefined)
      throw new CliError(
        `${file} has ${bytes === undefined ? 'no certificate' : 'several certificates'}: one is expected`,
      );
    return readCertificate(bytes);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof DerError) throw new CliError(`${file} is no certificate: ${message}`);
    if (code === undefined) throw error;
    throw new CliError(`${file} cannot be read (${code})`);
  }
}

/** The file of the key of a certificate: a key, or a reference to one in a token, which is opened. */
async function keyFileOf(files: PkiFiles, role: NamedRole, certificate: CertificateView): Promise<string> {
  const { point } = certificate.publicKey();
  const inFile = filesOfRole(files, role).keys.find(({ key }) => equal(key.verifyingKey.point, point));
  if (inFile !== undefined) return inFile.path;
  if (role === 'dp-tls') return 'that of the proxy';
  const tokens = await explain(openTokenKeys(files, localConfig().token));
  tokens.close();
  const found = tokens.keys.find((each) => each.role === role && equal(each.key.verifyingKey.point, point));
  if (found !== undefined) return found.path;
  throw new CliError(
    `no key of ${role} in the folder, or in a token that it refers to, belongs to the certificate`,
  );
}

/** The files of these certificates get the ending .old, so that the server does not read them. */
async function moveAway(
  directory: string,
  files: PkiFiles,
  certificates: readonly CertificateView[],
): Promise<string[]> {
  const moved = [];
  for (const [path, content] of files) {
    if (!/\.(?:der|pem|crt|cer)$/i.test(path)) continue;
    const has = certificatesIn(content);
    if (!has.some((each) => certificates.some(({ bytes }) => equal(each, bytes)))) continue;
    await rename(join(directory, path), join(directory, `${path}.old`));
    moved.push(`${path}.old`);
  }
  return moved;
}
