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
    .option('--object <label>', 'label of the key in the token; default: the role, the curve, and a number')
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
  const { path, ending } = await freeReference(directory, role, curve);
  const object = options.object ?? `${role}-${curve}${ending}`;
  const uri: KeyUri = {
    ...attributesOf(options),
    object,
    id: systemRandom(8),
    modulePath,
    ...(pinFile !== undefined && { pinFile }),
  };
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

type Reference = { readonly path?: string; readonly ending: string };

/** The file that will refer to the key. Its name, and the label, end in a number if the file exists: it is the key of the next certificate. */
async function freeReference(directory: string, role: RequestRole, curve: Curve): Promise<Reference> {
  if (role === 'dp-tls') return { ending: '' };
  const files = (await explain(readPkiDirectory(directory))) ?? new Map<string, Uint8Array>();
  const path = pkiFilePath('reference', role, curve);
  if (!files.has(path)) return { path, ending: '' };
  for (let number = 2; ; number++) {
    const next = path.replace(/\.pkcs11$/, `_${number}.pkcs11`);
    if (!files.has(next)) return { path: next, ending: `-${number}` };
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
