import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { explain, formatNode } from '@esim-rsp/sgp22/explain';
import { parseTransactionId, type TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Command } from 'commander';
import { CliError, examples } from '../command.ts';
import { type OutputOptions, show } from '../output.ts';
import { qrTextIn } from '../phone/activation-code.ts';
import { type ShownSession, sessionText } from '../session/text.ts';

type Options = OutputOptions & { readonly showSecrets?: true };

/** `esim explain`: explains a value. */
export function configure(command: Command): void {
  command
    .argument(
      '[value]',
      'activation code, transaction id of the server, DER in hex or base64, JSON, EID, ICCID, status code, or a file; without a value, or with -: standard input',
    )
    .option('--show-secrets', 'show MatchingIDs, keys, PINs and PUKs')
    .option('--json', 'write JSON to stdout')
    .action(explainValue);
  examples(command, {
    "esim explain 'LPA:1$smdp.example.com$K2-XYZ'": 'the parts of an activation code',
    'esim explain code.png': 'the same from the image of its QR code',
    'esim explain vyAJggMCAACpAKoA': 'a message in base64 (or hex)',
    'esim explain CERT_S_SM_DPauth_ECDSA_NIST.der': 'a certificate, DER or PEM',
    'esim explain profile.der --json': 'a profile package, as JSON',
    'esim explain - < body.json': 'a JSON body of ES9+ with everything in it',
    'esim explain 7B3C4D5E6F708192A3B4C5D6E7F80910': 'a download session of the server',
    'esim explain 8.2.6/3.8': 'a subject code and a reason code',
  });
}

async function explainValue(value: string | undefined, options: Options): Promise<void> {
  if (value === undefined && process.stdin.isTTY)
    throw new CliError("there is nothing to explain: add a value (see 'esim explain --help')", 2);
  const session = await ourSession(value);
  if (session !== undefined) return show(options, session, sessionText(session));
  const octets = await octetsFrom(value);
  try {
    const node = explain(octets, { showSecrets: options.showSecrets ?? false });
    show(options, node, formatNode(node));
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new CliError(`the value cannot be explained: ${error.message}`);
  }
}

/** The session, if the value is the transaction id of one: of the server whose credentials are known, or of the one on this machine. */
async function ourSession(value = ''): Promise<ShownSession | undefined> {
  if (!/^[0-9a-f]{32}$/i.test(value) || /^\d+$/.test(value)) return undefined; // only digits: an EID
  const transactionId = parseTransactionId(value);
  return (await remoteSession(transactionId)) ?? localSession(transactionId);
}

async function remoteSession(transactionId: TransactionId): Promise<ShownSession | undefined> {
  const { askApi } = await import('../rest/ask-api.ts'); // loads the code of the server's settings only when it is needed
  try {
    return await askApi({}, async (api) => (await api.getDownloadAttempt(transactionId)).data);
  } catch (error) {
    if (error instanceof CliError) return undefined; // a value of 32 hex digits need not be a session
    throw error;
  }
}

async function localSession(transactionId: TransactionId): Promise<ShownSession | undefined> {
  const { hasLocalStore } = await import('../local-store.ts'); // loads the server's code only when it is needed
  if (!hasLocalStore()) return undefined;
  const { findLocalSession } = await import('../session/local.ts');
  return findLocalSession(transactionId);
}

const MAX_OCTETS = 10_000_000;

/** The content of the file with this name, otherwise the value itself. */
async function octetsFrom(value = '-'): Promise<Uint8Array> {
  const octets = value === '-' ? await buffer(process.stdin) : await fileOrText(value);
  if (octets.length > MAX_OCTETS)
    throw new CliError('the input is too large: messages and packages of RSP have at most 10 MB');
  return octets[0] === 0x89 && octets.subarray(1, 4).equals(Buffer.from('PNG'))
    ? new TextEncoder().encode(qrTextIn(value === '-' ? 'standard input' : value, octets))
    : new Uint8Array(octets);
}

async function fileOrText(value: string): Promise<Buffer> {
  try {
    return await readFile(value);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const noName = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'].includes(code);
    if (!noName) throw new CliError(`${value} cannot be read (${code})`);
    if (/^[\w./\\-]+\.(?:der|pem|png|json|crt|cer|bin|txt|key)$/i.test(value))
      throw new CliError(`there is no file ${value}`);
    return Buffer.from(value);
  }
}
