import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DerError } from '@esim-rsp/codec';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { type RequestView, readRequest } from '@esim-rsp/sgp22/pki/certification-request';
import { dateText } from '@esim-rsp/sgp22/pki/checks';
import { readCi } from '@esim-rsp/sgp22/pki/pki-set';
import { certifyRequest } from '@esim-rsp/sgp22/pki/test-pki';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { type OutputOptions, show } from '../../output.ts';
import { explain, pkiFilesIn } from '../../pki/tokens.ts';
import { serverAddresses } from '../../running.ts';

type Options = OutputOptions & { readonly out: string; readonly dir?: string };

/** `esim pki sign`: the certificate of a request, issued by the CI of a test PKI. */
export function configure(command: Command): void {
  command
    .argument('<request>', 'file of the request')
    .requiredOption('--out <file>', 'write the certificate there')
    .option(
      '--dir <folder>',
      "folder of the test PKI with the key of its CI; default: the server's (ESIM_PKI_DIR)",
    )
    .option('--json', 'write JSON to stdout')
    .action(sign);
  examples(command, {
    'esim pki sign dp-auth.csr --out dp-auth.pem --dir ./test-pki': 'issue a certificate for tests',
  });
}

async function sign(file: string, { out, dir, json }: Options): Promise<void> {
  const request = requestIn(file);
  const directory = resolve(dir ?? serverAddresses().pkiDir);
  const files = await pkiFilesIn(directory);
  const ci = await explain((async () => readCi(files, request.publicKey.curve))());
  const certificate = certifyRequest({ random: systemRandom, now: Date.now() }, ci, request);
  try {
    writeFileSync(out, certificatePem(certificate), { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(
      code === 'EEXIST'
        ? `${out} already exists: choose another --out`
        : `${out} cannot be written (${code})`,
    );
  }
  const { role } = request;
  const valid = dateText(certificate.notAfter);
  show(
    json ? { json } : {},
    { role, file: out, valid_until: valid },
    `The ${role} certificate is in ${out}, valid until ${valid}. Only tests trust its CI.`,
  );
}

function requestIn(file: string): RequestView {
  try {
    return readRequest(readFileSync(file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof ValueError || error instanceof DerError)
      throw new CliError(`${file} cannot be used: ${message}`);
    if (code === undefined) throw error;
    throw new CliError(`${file} cannot be read (${code})`);
  }
}
