import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { toHex } from '@esim-rsp/codec';
import { readPkiDirectory, replaceFile } from '@esim-rsp/server/keys/pki-directory';
import { formatKeyUri, type KeyUri } from '@esim-rsp/server/keys/token/key-uri';
import { type Curve, curves } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { type RequestRole, requestRoles } from '@esim-rsp/sgp22/pki/certification-request';
import { pkiFilePath } from '@esim-rsp/sgp22/pki/files';
import { Argument, type Command, Option } from 'commander';
import { CliError, examples } from '../../command.ts';
import { note, type OutputOptions, show } from '../../output.ts';
import { attributesOf, explain, type TokenSelection, tokenOptions, withToken } from '../../pki/tokens.ts';
import { serverAddresses } from '../../running.ts';

type Options = TokenSelection &
  OutputOptions & {
    readonly curve: Curve;
    readonly object?: string;
    readonly dir?: string;
  };

/** `esim pki create-key`: a key pair in a token that cannot leave it, and the file that refers to it. */
export function configure(command: Command): void {
  command.addArgument(new Argument('<role>', 'role of the key').choices(requestRoles));
  tokenOptions(command)
    .addOption(new Option('--curve <curve>', 'curve of the key').choices(curves).default('P-256'))
    .option('--object <label>', 'label of the key in the token; default: the role and the curve')
    .option('--dir <folder>', "PKI folder; default: the server's folder (ESIM_PKI_DIR)")
    .option('--json', 'write JSON to stdout')
    .action(createKey);
  examples(command, {
    'esim pki create-key dp-auth --module /usr/lib/softhsm/libsofthsm2.so --token esim --pin-file /etc/esim/pin':
      'create the key of DPauth on P-256 in a token',
    'esim pki create-key dp-pb --curve brainpoolP256r1 --module /usr/lib/vendor.so --token esim --pin-file /etc/esim/pin':
      'create the key of DPpb on brainpoolP256r1',
  });
}

async function createKey(role: RequestRole, options: Options): Promise<void> {
  const { module: modulePath, token, serial, curve, json } = options;
  if (token === undefined && serial === undefined)
    throw new CliError("--token or --serial is needed: see 'esim pki tokens --module …'", 2);
  const directory = resolve(options.dir ?? serverAddresses().pkiDir);
  const pinFile = options.pinFile === undefined ? undefined : resolve(options.pinFile);
  const object = options.object ?? `${role}-${curve}`;
  const uri: KeyUri = {
    ...attributesOf(options),
    object,
    id: systemRandom(8),
    modulePath,
    ...(pinFile !== undefined && { pinFile }),
  };
  const path =
    role === 'dp-tls' ? undefined : await freePath(directory, pkiFilePath('reference', role, curve));
  const place = { modulePath, which: attributesOf(options), writes: true, ...(pinFile && { pinFile }) };
  const { point } = await withToken(place, (open) =>
    open.call('generate', { curve, object, id: uri.id as Uint8Array }),
  );
  const text = formatKeyUri(uri);
  if (path !== undefined) await writeReference(join(directory, path), text);
  show(
    json ? { json } : {},
    { uri: text, file: path === undefined ? null : join(directory, path), curve, public_key: toHex(point) },
    path === undefined
      ? `The key is in the token: ${text}`
      : `The key is in the token, and ${join(directory, path)} refers to it.`,
  );
  if (!json)
    note(
      `to request its certificate: esim pki request ${role} --key '${path ?? text}' --oid OID --organization NAME`,
    );
}

/** The path, with a number at the end of the name if the file exists: the key of the next certificate. */
async function freePath(directory: string, path: string): Promise<string> {
  const files = (await explain(readPkiDirectory(directory))) ?? new Map<string, Uint8Array>();
  for (let number = 1; ; number++) {
    const next = number === 1 ? path : path.replace(/\.pkcs11$/, `_${number}.pkcs11`);
    if (!files.has(next)) return next;
  }
}

async function writeReference(path: string, uri: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await replaceFile(path, `${uri}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(
      `the key is in the token, but ${path} cannot be written (${code}): write into it: ${uri}`,
    );
  }
}
