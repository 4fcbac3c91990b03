import { expiryWarnings, listCertificates, type OwnCertificate } from '../keys/own-certificates.ts';
import { fingerprintDirectory } from '../keys/pki-directory.ts';
import { type DpTls, type OpenedKeys, readDpTls, type SmdpKeys } from '../keys/smdp-keys.ts';
import type { Log } from '../log/log.ts';
import type { FileSealing } from '../store/ports/secrets/secret-store.ts';
import type { Config } from './config.ts';
import { keysOptions } from './keys.ts';
import { type Reloaded, reloadFiles } from './reload.ts';

/** CERT.DPtls, which `esim pki renew` or another program may replace while the server runs. undefined: a proxy ends TLS. */
export function watchDpTls(
  { dpTls, tokens }: OpenedKeys,
  config: Config,
  sealing: FileSealing,
  log: Log,
): Reloaded<DpTls> | undefined {
  if (dpTls === undefined) return undefined;
  return reloadFiles({
    what: 'the TLS certificate of ES9+ and ES2+',
    first: dpTls,
    fingerprint: () => fingerprintDirectory(config.pkiDir),
    read: () => readDpTls(keysOptions(config, sealing), tokens.keys),
    log,
  });
}

/** The certificates that the server uses at this moment. */
export function certificatesInUse(
  keys: SmdpKeys,
  dpTls: Reloaded<DpTls> | undefined,
): () => readonly OwnCertificate[] {
  return () => listCertificates({ ...keys, dpTls: dpTls?.current() });
}

const HOUR = 3_600_000;

/** Warns once a day of every certificate that expires within 30 days. The returned function stops it. */
export function startExpiryWarnings(
  certificates: () => readonly OwnCertificate[],
  log: Pick<Log, 'warn'>,
): () => void {
  let warnedOn: number | undefined;
  const look = () => {
    const now = Date.now();
    const today = Math.floor(now / (24 * HOUR));
    if (today === warnedOn) return;
    warnedOn = today;
    for (const warning of expiryWarnings(certificates(), now)) log.warn(warning);
  };
  look();
  const timer = setInterval(look, HOUR);
  timer.unref();
  return () => clearInterval(timer);
}
