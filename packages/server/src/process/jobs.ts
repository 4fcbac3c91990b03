import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Env } from '@esim-rsp/smdp/env';
import { openAnchorFile } from '../chain/anchor-file.ts';
import { openAnchorKey } from '../chain/anchor-key.ts';
import { startDelivery } from '../delivery/deliver.ts';
import { progressChannel } from '../delivery/es2/channel.ts';
import { createLookUp } from '../delivery/outbound/look-up.ts';
import { webhookChannel } from '../delivery/webhooks/channel.ts';
import { startChainJob } from '../jobs/chain-logs.ts';
import { startTermsJob } from '../jobs/end-terms.ts';
import { startExpiryJob } from '../jobs/expire-sessions.ts';
import { startSealingJob } from '../jobs/seal-secrets.ts';
import { startAnchorJob } from '../jobs/write-anchors.ts';
import type { OwnCertificate } from '../keys/own-certificates.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { ServerStore } from '../store/ports/server-store.ts';
import type { Traces } from '../traces/traces.ts';
import { startExpiryWarnings } from './certificates.ts';
import type { Config } from './config.ts';
import { anchorMemory } from './folder/last-anchor.ts';
import { nodeIdOf } from './folder/node-id.ts';
import { observeDeliveries } from './health/metrics.ts';
import { version } from './version.ts';

type Parts = {
  readonly store: ServerStore;
  readonly env: () => Env;
  readonly smdpAddress: string;
  readonly certificates: () => readonly OwnCertificate[];
  readonly metrics: Metrics | undefined;
  readonly traces: Traces | undefined;
  readonly log: Log;
};

/** Starts what one process does for the whole server: orders and sessions that end, warnings, deliveries, and the chains of the logs. */
export function startJobs(
  config: Config,
  { store, env, smdpAddress, certificates, metrics, traces, log }: Parts,
  cleanup: AsyncDisposableStack,
): void {
  const { sessionKeepHours: keepHours, idempotencyHours, deliveryDays } = config;
  cleanup.defer(startExpiryJob({ store, log, keepHours, idempotencyHours, deliveryDays }));
  cleanup.defer(startExpiryWarnings(certificates, log));
  cleanup.defer(startTermsJob({ store, env, log }));
  cleanup.defer(startSealingJob({ store, log }));
  const lookUp = createLookUp(config.dnsServers);
  const channels = [
    webhookChannel(store, { allowPrivate: config.webhookAllowPrivate, lookUp, version }),
    progressChannel(store, { caller: smdpAddress, lookUp }),
  ];
  const node = nodeIdOf(config.dataDir, systemRandom);
  cleanup.defer(startChainJob({ store, node, random: systemRandom, log }));
  cleanup.defer(
    startAnchorJob({
      store,
      node,
      key: openAnchorKey(config.dataDir),
      memory: anchorMemory(config.dataDir),
      file: config.anchors.file === undefined ? undefined : openAnchorFile(config.anchors.file),
      everyMs: config.anchors.minutes * 60_000,
      log,
    }),
  );
  cleanup.defer(startDelivery({ store, channels, node, log, traces, observe: observeDeliveries(metrics) }));
}
