import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { KeyUriError, parseKeyUri } from '@esim-rsp/server/keys/token/key-uri';
import { tokenOf } from '@esim-rsp/server/keys/token/token';
import { findTokenKey } from '@esim-rsp/server/keys/token/token-keys';
import { type Curve, curves, type KeyPair } from '@esim-rsp/sgp22/crypto/ecdsa';
import {
  makeRequest,
  type RequestRole,
  requestPem,
  requestRoles,
} from '@esim-rsp/sgp22/pki/certification-request';
import { filesOfRole, type PkiFiles } from '@esim-rsp/sgp22/pki/files';
import { Argument, type Command, Option } from 'commander';
import { CliError, examples } from '../../command.ts';
import { note, type OutputOptions, show } from '../../output.ts';
import { parseOid } from '../../pki/oid.ts';
import { pkiFilesIn, withToken } from '../../pki/tokens.ts';
import { serverAddresses } from '../../running.ts';
import { valueBy } from '../../values.ts';

type Options = OutputOptions & {
  readonly oid: string;
  readonly organization: string;
  readonly commonName?: string;
  readonly country?: string;
  readonly host?: readonly string[];
  readonly curve: Curve;
  readonly key?: string;
  readonly out?: string;
  readonly dir?: string;
};

/** `esim pki request`: a certificate request (PKCS#10), signed with a key in a token or a file. */
export function configure(command: Command): void {
  command
    .addArgument(new Argument('<role>', 'role of the certificate').choices(requestRoles))
    .requiredOption(
      '--oid <oid>',
      'OID of the SM-DP+, the same in all of its certificates',
      valueBy(parseOid),
    )
    .requiredOption('--organization <name>', 'organization in the subject')
    .option('--common-name <name>', 'common name; default: the organization and the role')
    .option('--country <code>', 'country in the subject, such as DE')
    .option('--host <name...>', 'host names, for dp-tls')
    .addOption(new Option('--curve <curve>', 'curve of the key').choices(curves).default('P-256'))
    .option('--key <key>', 'file of the key in the PKI folder, or its pkcs11: URI, if the role has several')
    .option('--out <file>', 'write the request there; default: stdout')
    .option('--dir <folder>', "PKI folder; default: the server's folder (ESIM_PKI_DIR)")
    .option('--json', 'write JSON to stdout')
    .action(request);
  examples(command, {
    'esim pki request dp-auth --oid 1.3.6.1.4.1.99999.1 --organization Example --country DE --out dp-auth.csr':
      'request the certificate of DPauth from a CI',
  });
}

async function request(role: RequestRole, options: Options): Promise<void> {
  const { oid, organization, country, host, out, json } = options;
  if (role === 'dp-tls' && host === undefined)
    throw new CliError('--host is needed for dp-tls: the name that phones call', 2);
  const commonName =
    options.commonName ?? (role === 'dp-tls' ? host?.[0] : undefined) ?? `${organization} ${role}`;
  const subject = { ...(country !== undefined && { country }), organization, commonName };
  const signed = await withKey(role, options, async (key) =>
    requestPem(await makeRequest({ role, subject, oid, ...(host && { dnsNames: host }) }, key)),
  );
  if (out !== undefined) write(out, signed);
  show(
    json ? { json } : {},
    { role, request: signed, file: out ?? null },
    out === undefined ? signed.trimEnd() : `The request is in ${out}. Send it to the CI.`,
  );
  if (!json) note('when the certificate has arrived: esim pki import FILE');
}

/** Finds the key of the role, in a token or a file, and uses it. */
async function withKey<T>(
  role: RequestRole,
  { key: wanted, dir, curve }: Options,
  use: (key: KeyPair) => Promise<T>,
): Promise<T> {
  if (wanted?.startsWith('pkcs11:')) return useTokenKey(wanted, '--key', use);
  const directory = resolve(dir ?? serverAddresses().pkiDir);
  const { keys, references } = keysOf(await pkiFilesIn(directory), role, curve);
  const found = [...keys, ...references].filter(({ path }) => wanted === undefined || path === wanted);
  const [first, second] = found;
  const list = [...keys, ...references].map(({ path }) => path).join(', ') || 'none';
  if (first === undefined)
    throw new CliError(
      `there is no key of ${role}${wanted ? ` in ${wanted}` : ` on ${curve}`}; found: ${list}. Create one: esim pki create-key ${role}`,
    );
  if (second !== undefined)
    throw new CliError(`${role} has several keys: choose one with --key; there are: ${list}`);
  return 'key' in first ? use(first.key) : useTokenKey(first.uri, first.path, use);
}

/** A reference does not say its curve; its name does. */
function keysOf(files: PkiFiles, role: RequestRole, curve: Curve) {
  const { keys, references } = filesOfRole(files, role);
  const isBrainpool = (path: string) => /_BRP/.test(path);
  return {
    keys: keys.filter(({ key }) => key.curve === curve),
    references: references.filter(({ path }) => isBrainpool(path) === (curve === 'brainpoolP256r1')),
  };
}

async function useTokenKey<T>(uri: string, where: string, use: (key: KeyPair) => Promise<T>): Promise<T> {
  try {
    const parsed = parseKeyUri(uri);
    return await withToken(tokenOf(parsed), async (token) => use(await findTokenKey(token, parsed)));
  } catch (error) {
    if (error instanceof KeyUriError) throw new CliError(`${where} cannot be used: ${error.message}`);
    throw error;
  }
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(
      code === 'EEXIST'
        ? `${path} already exists: choose another --out`
        : `${path} cannot be written (${code})`,
    );
  }
}
