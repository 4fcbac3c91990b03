import { resolve } from 'node:path';
import { daysLeft } from '@esim-rsp/server/keys/own-certificates';
import { renewDpTls } from '@esim-rsp/server/keys/renew-dp-tls';
import { dateText } from '@esim-rsp/sgp22/pki/checks';
import { PkiError } from '@esim-rsp/sgp22/pki/files';
import { hostOf } from '@esim-rsp/sgp22/pki/host';
import { parseSmdpAddress } from '@esim-rsp/sgp22/value/activation-code';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { note, type OutputOptions, show } from '../../output.ts';
import { withSealing } from '../../pki/sealed.ts';
import { serverAddresses } from '../../running.ts';
import { valueBy } from '../../values.ts';

type Options = OutputOptions & { readonly dir?: string; readonly host?: string };

/** `esim pki renew`: a new DPtls certificate and key under the CI of a test PKI. */
export function configure(command: Command): void {
  command
    .option('--dir <folder>', "the folder; default: the server's folder (ESIM_PKI_DIR)")
    .option(
      '--host <name>',
      'host name of the new certificate; default: the names of the old one',
      valueBy((text) => hostOf(parseSmdpAddress(text))),
    )
    .option('--json', 'write JSON to stdout')
    .action(renew);
  examples(command, {
    'esim pki renew': 'renew the TLS certificate of ES9+ and ES2+',
    'esim pki renew --host rsp.example.com': 'and issue it for this host name',
  });
}

async function renew({ dir, host, json }: Options): Promise<void> {
  const directory = resolve(dir ?? serverAddresses().pkiDir);
  const now = Date.now();
  const renewed = await renewOrFail({ directory, now, ...(host !== undefined && { host }) });
  const certificates = renewed.map(({ certificate, files }) => ({
    files,
    curve: certificate.curve,
    names: certificate.dnsNames,
    valid_until: dateText(certificate.notAfter),
    days_left: daysLeft(certificate, now),
  }));
  const text = certificates.map(
    ({ curve, names, valid_until, days_left }) =>
      `The TLS certificate on ${curve} for ${names.join(', ')} is valid until ${valid_until} (${days_left} days).`,
  );
  show(json ? { json } : {}, { directory, certificates }, text.join('\n'));
  if (!json) note('a running server uses it for new connections within ten seconds');
}

async function renewOrFail(renewal: Parameters<typeof renewDpTls>[0]) {
  try {
    return await withSealing(renewal.directory, (sealing) =>
      renewDpTls({ ...renewal, ...(sealing && { sealing }) }),
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof PkiError)
      throw new CliError(
        `${error.message}. Only a test PKI can be renewed here; otherwise put the new certificate and key of your CI into ${renewal.directory}, and a running server uses them`,
      );
    if (code === undefined) throw error;
    throw new CliError(`a file in ${renewal.directory} cannot be replaced (${code})`);
  }
}
