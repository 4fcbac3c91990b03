import { resolve } from 'node:path';
import { equal, toHex } from '@esim-rsp/codec';
import {
  daysLeft,
  findDoubts,
  listCertificates,
  type OwnCertificate,
} from '@esim-rsp/server/keys/own-certificates';
import { type OpenedKeys, openKeys } from '@esim-rsp/server/keys/smdp-keys';
import { dateText } from '@esim-rsp/sgp22/pki/checks';
import { hostOf } from '@esim-rsp/sgp22/pki/host';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { fields, note, type OutputOptions, show } from '../../output.ts';
import { withSealing } from '../../pki/sealed.ts';
import { explain, pkiFilesIn } from '../../pki/tokens.ts';
import { serverAddresses } from '../../running.ts';

type Options = OutputOptions & { readonly dir?: string };

/** `esim pki check`: what the server checks at its start. Keys in tokens sign once. */
export function configure(command: Command): void {
  command
    .option('--dir <folder>', "the folder; default: the server's folder (ESIM_PKI_DIR)")
    .option('--json', 'write JSON to stdout')
    .action(check);
  examples(command, {
    'esim pki check': 'check certificates and keys, also those in tokens',
    'esim pki check --json': 'the same for a program',
  });
}

async function check({ dir, json }: Options): Promise<void> {
  const { smdpAddress, es9Tls: tls, pkiStrict: strict, token } = localConfig();
  const directory = resolve(dir ?? serverAddresses().pkiDir);
  await pkiFilesIn(directory); // openKeys creates a test PKI if there is none
  const now = Date.now();
  const host = hostOf(smdpAddress ?? 'localhost');
  const keys = await explain(
    withSealing(directory, (sealing) =>
      openKeys({ directory, host, tls, strict, token, now, ...(sealing && { sealing }) }),
    ),
  );
  keys.tokens.close();
  const certificates = listCertificates(keys)
    .filter(({ role }) => role !== 'ci')
    .map(({ role, certificate }) => ({
      role,
      curve: certificate.curve ?? null,
      key: placeOf(keys, { role, certificate }),
      valid_until: dateText(certificate.notAfter),
      days_left: daysLeft(certificate, now),
      key_id: toHex(certificate.subjectKeyIdentifier ?? new Uint8Array()),
    }));
  const doubts = findDoubts(keys, now);
  const text = certificates.map(({ role, curve, key, valid_until, days_left }) =>
    fields([
      ['role', role],
      ['curve', curve ?? ''],
      ['private key', key],
      ['valid until', `${valid_until} (${days_left} days)`],
    ]),
  );
  show(json ? { json } : {}, { directory, certificates, doubts }, text.join('\n\n'));
  if (!json) for (const doubt of doubts) note(`warning: ${doubt}`);
}

/** Where the private key is: a file of the folder, which may be sealed, or the token to which a file refers. */
function placeOf({ tokens, sealedKeys }: OpenedKeys, { role, certificate }: OwnCertificate): string {
  const { point } = certificate.publicKey();
  const found = tokens.keys.find((each) => each.role === role && equal(each.key.verifyingKey.point, point));
  if (found !== undefined) return `in the token of ${found.path}; it has signed`;
  const { spki } = certificate.publicKey();
  return sealedKeys.some((each) => equal(each.spki, spki)) ? 'in a file, sealed' : 'in a file';
}
