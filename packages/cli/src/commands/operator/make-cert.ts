import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { note, type OutputOptions, show } from '../../output.ts';

/** `esim operator make-cert`: creates a key and a self-signed certificate. */
export function configure(command: Command): void {
  command
    .argument('<path>', 'path without ending: .key and .pem are added')
    .option('--json', 'write JSON to stdout')
    .action(makeCert);
  examples(command, { 'esim operator make-cert shop': 'create shop.key and shop.pem' });
}

function makeCert(path: string, { json }: OutputOptions): void {
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  const { certificate, key } = makeClient(env, basename(path));
  write(`${path}.key`, key.exportPem(), 0o600);
  write(`${path}.pem`, certificatePem(certificate), 0o644);
  show(
    json ? { json } : {},
    { key: `${path}.key`, certificate: `${path}.pem` },
    `created ${path}.key and ${path}.pem`,
  );
  if (!json)
    note(
      `at the SM-DP+ that it calls, to accept it: esim operator create --name ${basename(path)} --cert ${path}.pem`,
    );
}

function write(path: string, text: string, mode: number): void {
  try {
    writeFileSync(path, text, { mode, flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(
      code === 'EEXIST'
        ? `${path} already exists: choose another path, or move the file`
        : `${path} cannot be written (${code})`,
    );
  }
}
