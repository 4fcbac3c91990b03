import type { Config } from '../config.ts';
import { isPkiOf } from '../folder/pki-owner.ts';
import { isLoopback } from '../listen.ts';

/** What is good for tests and risky, or of no use, for real phones and operators: a sentence each. `plainKeys`: files with private keys that are not sealed. */
export function findRisks(config: Config, smdpAddress: string, plainKeys: readonly string[]): string[] {
  const { dataDir, pkiDir, demo, httpHost, httpTls, httpBehindTls, es9Tls, rates } = config;
  const isOpenRest = httpTls === undefined && httpBehindTls && !isLoopback(httpHost);
  const [smdpHost = ''] = smdpAddress.split(':');
  const found: readonly (readonly [boolean, string])[] = [
    [isPkiOf(dataDir, pkiDir), 'the PKI is a test PKI: only virtual phones trust it (ESIM_PKI_DIR)'],
    [
      demo,
      'it is a demo: its key may do everything, and its profiles have a known confirmation code (ESIM_DEMO)',
    ],
    [isLoopback(smdpHost), `only phones on this machine reach ${smdpHost} (ESIM_SMDP_ADDRESS)`],
    [
      config.masterKey === undefined,
      'the master key is in the data folder, next to what it protects: move it (ESIM_MASTER_KEY_FILE)',
    ],
    [plainKeys.length > 0, `${plainKeys.length} private keys in ${pkiDir} are not sealed (esim pki seal)`],
    [!es9Tls, 'ES9+ has no TLS: only the proxy may reach its port (ESIM_ES9_TLS)'],
    [isOpenRest, 'REST has no TLS: only the proxy may reach its port (ESIM_HTTP_BEHIND_TLS)'],
    [config.upstreamAllowPrivate, 'upstreams may be in private networks (ESIM_UPSTREAM_ALLOW_PRIVATE)'],
    [
      config.coreAllowPrivate,
      'keys may go to core networks without TLS and in private networks (ESIM_CORE_ALLOW_PRIVATE)',
    ],
    [config.webhookAllowPrivate, 'webhooks may call private networks (ESIM_WEBHOOK_ALLOW_PRIVATE)'],
    [rates.perKey === 0 || rates.perAddress === 0, 'the calls of REST have no limit (ESIM_RATE_PER_…)'],
    [
      rates.codeAttemptsPerEuicc === 0 || rates.codeAttemptsPerAddress === 0,
      'wrong codes have no limit (ESIM_CODE_ATTEMPTS_PER_…)',
    ],
  ];
  return found.filter(([isSo]) => isSo).map(([, sentence]) => sentence);
}
