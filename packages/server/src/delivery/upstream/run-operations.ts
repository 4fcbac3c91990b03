import type { Env } from '@esim-rsp/smdp/env';
import { endCall } from '@esim-rsp/smdp/gateway/endCall';
import { run } from '@esim-rsp/smdp/run';
import { functionOf, type Operation } from '@esim-rsp/smdp/state/gateway/operation';
import type { CallOutcome } from '@esim-rsp/smdp/state/gateway/outcome';
import type { Log } from '../../log/log.ts';
import { inScope } from '../../log/scope.ts';
import type { EventStore } from '../../store/ports/events.ts';
import type { DueUpstream, OperationStore } from '../../store/ports/gateway/operations.ts';
import type { GatewayStore, Upstream } from '../../store/ports/gateway/upstreams.ts';
import type { Es2Network } from './es2-call.ts';
import { makeCall } from './make-call.ts';
import type { OperationBell } from './operation-bell.ts';

export type OperationOptions = {
  readonly store: GatewayStore & Pick<EventStore, 'watchEvents'> & OperationStore;
  readonly env: () => Env;
  readonly network: Es2Network;
  /** The name of this process among those that share the store. */
  readonly node: string;
  /** Rings when something was requested in this process. */
  readonly bell: OperationBell;
  readonly log: Log;
};

type OperationLoop = OperationOptions & {
  readonly stopping: AbortSignal;
  /** Calls in progress, by upstream. */
  readonly calls: Map<string, number>;
  readonly workers: Set<Promise<void>>;
};

/**
 * Starts to make the calls that were requested from upstreams: each operation is claimed, its call is made, and what its end means is decided and saved
 * (smdp/gateway/endCall.ts). An upstream gets as many calls at a time as its settings say. The returned function stops it and interrupts the calls in
 * progress: they are unknown, and the next start repeats them.
 */
export function startOperations(options: OperationOptions): () => Promise<void> {
  const stop = new AbortController();
  const loop = { ...options, stopping: stop.signal, calls: new Map(), workers: new Set<Promise<void>>() };
  const end = inScope({ job: 'operations' }, () => runLoop(loop));
  return async () => {
    stop.abort();
    await end;
    await Promise.all(loop.workers);
  };
}

async function runLoop(loop: OperationLoop): Promise<void> {
  const { store, node, bell, log, stopping } = loop;
  const report = (err: unknown) =>
    log.error('what was requested from upstreams could not be read: the server tries again', { err });
  await store.releaseOperations(node).catch(report);
  const watch = store.watchEvents({ isShared: true });
  while (!stopping.aborted) {
    const rung = bell.rings();
    try {
      for (const due of await store.dueUpstreams(Date.now())) startWorker(loop, due);
    } catch (error) {
      report(error);
    }
    await Promise.race([rung, watch.next(stopping)]);
  }
}

const keyOf = ({ account, upstream }: DueUpstream) => `${account} ${upstream}`;

/** Works on one operation of the upstream. If there is one, there may be more: the next worker starts at once. */
function startWorker(loop: OperationLoop, due: DueUpstream): void {
  const { calls, workers, stopping, log } = loop;
  const key = keyOf(due);
  if (stopping.aborted) return;
  const running = calls.get(key) ?? 0;
  calls.set(key, running + 1);
  const worker = work(loop, due, running)
    .catch((err) => {
      if (!stopping.aborted)
        log.error('the end of a call to an upstream could not be saved: it is made again', {
          target: due.upstream,
          err,
        });
    })
    .finally(() => {
      const left = (calls.get(key) ?? 1) - 1;
      if (left === 0) calls.delete(key);
      else calls.set(key, left);
      workers.delete(worker);
    });
  workers.add(worker);
}

/** Longer than the calls of one claim take: the status call, and the call itself. */
const LEASE_MARGIN_MS = 30_000;

/** `running`: the calls to this upstream that are in progress already. */
async function work(loop: OperationLoop, due: DueUpstream, running: number): Promise<void> {
  const { store, node, stopping } = loop;
  while (!stopping.aborted) {
    const upstream = await store.upstream(due.account, due.upstream); // its settings may have changed
    if (upstream === undefined || running >= upstream.dialect.concurrency) return;
    const now = Date.now();
    const leaseUntil = now + 2 * upstream.dialect.timeoutSeconds * 1000 + LEASE_MARGIN_MS;
    const operation = await store.claimOperation({ ...due, node, now, leaseUntil });
    if (operation === undefined) return;
    startWorker(loop, due);
    await makeCalls(loop, operation, upstream);
  }
}

/** Makes the calls of an operation until one has no good end. */
async function makeCalls(loop: OperationLoop, claimed: Operation, upstream: Upstream): Promise<void> {
  let operation: Operation | undefined = claimed;
  while (operation?.state === 'sent' || operation === claimed) {
    const current: Operation = operation;
    const next: Operation | undefined = await inScope(
      {
        kind: 'upstream',
        target: upstream.name,
        function: functionOf(current),
        attempt: current.attempts,
      },
      () => makeOneCall(loop, current, upstream),
    );
    operation = next && { ...next, version: next.version + 1 };
  }
}

async function makeOneCall(
  loop: OperationLoop,
  operation: Operation,
  upstream: Upstream,
): Promise<Operation | undefined> {
  const { store, env, network, log, stopping } = loop;
  const { iccid } = operation;
  const profile = iccid === undefined ? undefined : await store.profile(iccid);
  const started = performance.now();
  const outcome: CallOutcome =
    iccid !== undefined && profile === undefined
      ? { kind: 'refused', fault: { message: 'the profile was deleted' } }
      : await makeCall(operation, profile, upstream, { network, random: env().random, signal: stopping });
  const milliseconds = Math.round(performance.now() - started);
  const { id, version } = operation;
  const { dialect, smdpAddress } = upstream;
  const next = await run(
    endCall,
    { id, version, outcome, upstream: { repeatsAnswers: dialect.repeatsAnswers, smdpAddress } },
    store,
    env(),
  );
  if (outcome.kind === 'executed') log.debug('the upstream has done the call', { milliseconds });
  else
    log[outcome.kind === 'refused' ? 'info' : 'warn'](texts[outcome.kind], faultInLog(outcome, milliseconds));
  return next?.version === version ? next : undefined;
}

const texts = {
  refused: 'the upstream has refused the call',
  notSent: 'the upstream could not be called: the server tries again',
  unknown: 'the upstream has not answered the call: it may have been done',
} as const;

function faultInLog({ fault }: Exclude<CallOutcome, { kind: 'executed' }>, milliseconds: number) {
  return {
    ...(fault.subjectCode !== undefined && { subject_code: fault.subjectCode }),
    ...(fault.reasonCode !== undefined && { reason_code: fault.reasonCode }),
    reason: fault.message,
    milliseconds,
  };
}
