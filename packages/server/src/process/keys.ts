import { PkiError } from '@esim-rsp/sgp22/pki/files';
import { hostOf, namesHost } from '@esim-rsp/sgp22/pki/host';
import { findDoubts } from '../keys/own-certificates.ts';
import { type KeysOptions, type OpenedKeys, openKeys } from '../keys/smdp-keys.ts';
import { TokenError } from '../keys/token/process.ts';
import type { Log } from '../log/log.ts';
import type { FileSealing } from '../store/ports/secrets/secret-store.ts';
import type { Config } from './config.ts';
import { StartError } from './start-error.ts';

/** Loads the keys of the SM-DP+. Logs a warning if phones will refuse its TLS certificate. */
export async function loadKeys(
  config: Config,
  sealing: FileSealing,
  log: Log,
  opened: AsyncDisposableStack,
): Promise<OpenedKeys> {
  const { host } = keysOptions(config, sealing);
  const keys = await openKeysOrFail(config, sealing, log);
  opened.defer(keys.tokens.close);
  if (keys.made) log.info('created a test PKI: only the virtual phone trusts it', { folder: config.pkiDir });
  for (const doubt of findDoubts(keys, Date.now())) log.warn(doubt);
  for (const { certificate } of keys.dpTls ?? [])
    if (!namesHost(certificate, host))
      log.warn(
        `the TLS certificate is not for ${host}: phones will refuse it; create a PKI for ${host} in another ESIM_PKI_DIR`,
        { names: certificate.dnsNames },
      );
  return keys;
}

/** What to read from the PKI folder. */
export function keysOptions(
  { dataDir, pkiDir: directory, es9Tls: tls, pkiStrict: strict, smdpAddress, token }: Config,
  sealing: FileSealing,
): KeysOptions {
  const host = hostOf(smdpAddress ?? 'localhost');
  return { directory, host, tls, strict, now: Date.now(), dataDir, token, sealing };
}

async function openKeysOrFail(config: Config, sealing: FileSealing, log: Log) {
  const { pkiDir } = config;
  try {
    return await openKeys(keysOptions(config, sealing), (level, message) => log[level](message));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!(error instanceof PkiError) && code === undefined) throw error;
    const reason = error instanceof PkiError ? error.message : `it cannot be read or created (${code})`;
    const { cause } = error as Error;
    throw new StartError(`the PKI in ${pkiDir} cannot be used: ${reason}`, {
      cause: error,
      isFinal: cause instanceof TokenError && cause.kind === 'pin',
    });
  }
}
