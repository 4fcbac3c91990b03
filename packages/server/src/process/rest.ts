import type { Env } from '@esim-rsp/smdp/env';
import type { Logger } from 'pino';
import { collectKeyUses, startKeyUsesJob } from '../jobs/record-key-uses.ts';
import { restApp } from '../rest/app.ts';
import type { ServerStore } from '../store/ports/server-store.ts';
import type { Config } from './config.ts';
import { drain, listen, urlOf } from './listen.ts';
import { version } from './version.ts';

type Parts = { readonly store: ServerStore; readonly env: () => Env; readonly log: Logger };

export type StartedRest = { readonly url: string; drain(): Promise<void> };

/** Starts the REST API. */
export async function startRest(
  { httpHost: host, httpPort, drainSeconds, webhookAllowPrivate: allowPrivate, rates: limits }: Config,
  { store, env, log }: Parts,
  cleanup: AsyncDisposableStack,
): Promise<StartedRest> {
  const stopping = new AbortController();
  const uses = collectKeyUses(store);
  cleanup.defer(startKeyUsesJob(uses, log));
  const app = restApp({
    store,
    env,
    log,
    version,
    allowPrivate,
    limits,
    stopping: stopping.signal,
    used: uses.record,
  });
  cleanup.defer(() => app.close());
  await app.ready();
  const port = await listen(app.server, { host, port: httpPort, key: 'ESIM_HTTP_PORT' });
  return {
    url: urlOf('http', host, port),
    drain: () => {
      stopping.abort();
      return drain(app.server, drainSeconds);
    },
  };
}
