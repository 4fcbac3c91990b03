import { PkiError } from '@esim-rsp/sgp22/pki/files';
import { hostOf, namesHost } from '@esim-rsp/sgp22/pki/host';
import type { Logger } from 'pino';
import { findDoubts } from '../keys/own-certificates.ts';
import { type KeysOptions, openKeys, type SmdpKeys } from '../keys/smdp-keys.ts';
import type { Config } from './config.ts';
import { StartError } from './start-error.ts';

/** Loads the keys of the SM-DP+. Logs a warning if phones will refuse its TLS certificate. */
export async function loadKeys(config: Config, log: Logger): Promise<SmdpKeys> {
  const { host } = keysOptions(config);
  const keys = await openKeysOrFail(config);
  if (keys.made) log.info({ folder: config.pkiDir }, 'created a test PKI');
  for (const doubt of findDoubts(keys, Date.now())) log.warn(doubt);
  for (const { certificate } of keys.dpTls ?? [])
    if (!namesHost(certificate, host))
      log.warn(
        { names: certificate.dnsNames },
        `the TLS certificate is not for ${host}: phones will refuse it; create a PKI for ${host} in another ESIM_PKI_DIR`,
      );
  return keys;
}

/** What to read from the PKI folder. */
export function keysOptions({
  dataDir,
  pkiDir: directory,
  es9Tls: tls,
  pkiStrict: strict,
  smdpAddress,
}: Config): KeysOptions {
  return { directory, host: hostOf(smdpAddress ?? 'localhost'), tls, strict, now: Date.now(), dataDir };
}

async function openKeysOrFail(config: Config) {
  const { pkiDir } = config;
  try {
    return await openKeys(keysOptions(config));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!(error instanceof PkiError) && code === undefined) throw error;
    const reason = error instanceof PkiError ? error.message : `it cannot be read or created (${code})`;
    throw new StartError(`the PKI in ${pkiDir} cannot be used: ${reason}`, { cause: error });
  }
}
