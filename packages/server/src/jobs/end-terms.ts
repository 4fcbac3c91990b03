import type { Env } from '@esim-rsp/smdp/env';
import { endTerm } from '@esim-rsp/smdp/order/endTerm';
import { run } from '@esim-rsp/smdp/run';
import type { Logger } from 'pino';
import type { ServerStore } from '../store/store.ts';

const EVERY_MS = 1000;
/** At a time, so that the rest of the server is not held up after a long absence. */
const MOST = 200;

export type Terms = { readonly store: ServerStore; readonly env: () => Env; readonly log: Logger };

/**
 * Looks every second, and at once, whose time has come: profiles whose cool-down is over, orders that have expired. What
 * came due while no server ran is caught up with. The result stops it and waits for a run under way.
 */
export function endTerms(terms: Terms): () => Promise<void> {
  let underWay = ended(terms);
  const timer = setInterval(() => {
    underWay = underWay.then(() => ended(terms));
  }, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}

/** A failed run is logged, and tried again with the next one. */
async function ended({ store, env, log }: Terms): Promise<void> {
  try {
    const due = await store.profilesDue(Math.floor(env().now / 1000), MOST);
    await Promise.all(due.map((iccid) => run(endTerm, { iccid }, store, env())));
  } catch (error) {
    log.error({ err: error }, 'profiles whose time has come could not be moved on');
  }
}
