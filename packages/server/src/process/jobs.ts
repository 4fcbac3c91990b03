import { join } from 'node:path';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Env } from '@esim-rsp/smdp/env';
import { openAnchorFile } from '../chain/anchor-file.ts';
import { type AnchorKey, KEY_FILE, openAnchorKey } from '../chain/anchor-key.ts';
import { type Archive, openArchive } from '../chain/archive.ts';
import { coreChannel } from '../delivery/core/channel.ts';
import { startDelivery } from '../delivery/deliver.ts';
import { progressChannel } from '../delivery/es2/channel.ts';
import { mailChannel } from '../delivery/mail/channel.ts';
import { readSentLink } from '../delivery/mail/read-sent-link.ts';
import { createLookUp } from '../delivery/outbound/look-up.ts';
import type { OperationBell } from '../delivery/upstream/operation-bell.ts';
import { startOperations } from '../delivery/upstream/run-operations.ts';
import { anchorChannel } from '../delivery/webhooks/anchor-channel.ts';
import { webhookChannel } from '../delivery/webhooks/channel.ts';
import { startChainJob } from '../jobs/chain-logs.ts';
import { startRetentionJob } from '../jobs/cut-logs.ts';
import { startTermsJob } from '../jobs/end-terms.ts';
import { startExpiryJob } from '../jobs/expire-sessions.ts';
import { startKeepReadyJob } from '../jobs/keep-ready.ts';
import { startAlertJob } from '../jobs/raise-alerts.ts';
import { startSealingJob } from '../jobs/seal-secrets.ts';
import { startAnchorJob } from '../jobs/write-anchors.ts';
import { endOf, type OwnCertificate } from '../keys/own-certificates.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { ServerStore } from '../store/ports/server-store.ts';
import type { Traces } from '../traces/traces.ts';
import { startExpiryWarnings } from './certificates.ts';
import type { Config } from './config.ts';
import { anchorMemory } from './folder/last-anchor.ts';
import { nodeIdOf } from './folder/node-id.ts';
import { observeDeliveries } from './health/metrics.ts';
import { invitationValues } from './mail/invitation-values.ts';
import { StartError } from './start-error.ts';
import { version } from './version.ts';

type Parts = {
  readonly store: ServerStore;
  readonly env: () => Env;
  readonly smdpAddress: string;
  /** The address of the console in browsers, without a path. */
  readonly consoleUrl: string;
  readonly certificates: () => readonly OwnCertificate[];
  /** Rings when something was requested from an upstream. */
  readonly operationBell: OperationBell;
  readonly metrics: Metrics | undefined;
  readonly traces: Traces | undefined;
  readonly log: Log;
};

/** Starts what one process does for the whole server: orders and sessions that end, warnings, deliveries, and the chains of the logs. */
export async function startJobs(
  config: Config,
  { store, env, smdpAddress, consoleUrl, certificates, operationBell: bell, metrics, traces, log }: Parts,
  cleanup: AsyncDisposableStack,
): Promise<void> {
  const { idempotencyHours, keep } = config;
  const { sessions: sessionDays, deliveries: deliveryDays } = keep;
  cleanup.defer(startExpiryWarnings(certificates, log));
  cleanup.defer(startTermsJob({ store, env, log }));
  cleanup.defer(startSealingJob({ store, log }));
  const invitation = invitationValues({
    store,
    consoleUrl,
    random: systemRandom,
    now: Date.now,
  });
  const lookUp = createLookUp(config.dnsServers);
  const channels = [
    webhookChannel(store, {
      allowPrivate: config.webhookAllowPrivate,
      lookUp,
      version,
      sendsMail: config.mail !== undefined,
    }),
    progressChannel(store, { caller: smdpAddress, lookUp }),
    coreChannel(store, {
      allowPrivate: config.coreAllowPrivate,
      files: config.coreFiles,
      lookUp,
      sendsMail: config.mail !== undefined,
      observe: metrics?.attemptCoreNetwork,
    }),
    anchorChannel(store, config.anchors.webhook, { lookUp, version }),
    ...(config.mail === undefined
      ? []
      : [
          mailChannel(store, {
            ...config.mail,
            secretValues: { invitation, install_link: readSentLink(store) },
          }),
        ]),
  ];
  const node = nodeIdOf(config.dataDir, systemRandom);
  const network = { allowPrivate: config.upstreamAllowPrivate, lookUp };
  cleanup.defer(startOperations({ store, env, network, node, bell, log }));
  cleanup.defer(startKeepReadyJob({ store, env, node, requested: bell.ring, log }));
  cleanup.defer(startChainJob({ store, node, random: systemRandom, log }));
  cleanup.defer(
    startAnchorJob({
      store,
      node,
      key: await anchorKeyOf(config, store),
      memory: anchorMemory(config.dataDir),
      file: config.anchors.file === undefined ? undefined : openAnchorFile(config.anchors.file),
      isSentWhole: config.anchors.webhook !== undefined,
      everyMs: config.anchors.minutes * 60_000,
      log,
    }),
  );
  cleanup.defer(
    startAlertJob({
      store,
      node,
      certificates: () => certificates().map(endOf),
      server: smdpAddress,
      alertsTo: config.mail?.alertsTo ?? [],
      sendsMail: config.mail !== undefined,
      log,
    }),
  );
  const archive = config.archive === undefined ? undefined : openArchiveFolder(config.archive, node);
  cleanup.defer(startExpiryJob({ store, node, log, sessionDays, idempotencyHours, deliveryDays, archive }));
  cleanup.defer(startRetentionJob({ store, node, log, keepDays: keep, archive }));
  cleanup.defer(startDelivery({ store, channels, node, log, traces, observe: observeDeliveries(metrics) }));
}

async function anchorKeyOf({ dataDir }: Config, store: ServerStore): Promise<AnchorKey> {
  try {
    return await openAnchorKey(dataDir, store);
  } catch (error) {
    const why = (error as Error).message;
    throw new StartError(
      `the key that signs the anchors of the logs cannot be used: ${why}. To sign with a new one, move ${join(dataDir, KEY_FILE)} away`,
      { cause: error },
    );
  }
}

function openArchiveFolder(folder: string, node: string): Archive {
  try {
    return openArchive(folder, node);
  } catch (error) {
    const why = (error as Error).message;
    throw new StartError(`ESIM_ARCHIVE is ${folder}, which cannot be written: ${why}`, { cause: error });
  }
}
