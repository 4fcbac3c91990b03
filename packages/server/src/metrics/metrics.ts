import { eventTypes } from '@esim-rsp/smdp/state/event';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Reason } from '../limits/connections.ts';
import { type CoreKind, coreKinds } from '../store/ports/gateway/core-networks.ts';
import { type CountCall, createCalls } from './calls.ts';

/** The interface of a call. */
const interfaces = ['REST', 'ES9+', 'ES2+', 'install'] as const;
export type Interface = (typeof interfaces)[number];

const refusedBecause: readonly Reason[] = ['total', 'address', 'files', 'load'];

/** What this process counts while it works. The statistics of the whole server are in server-statistics.ts. */
export type Metrics = {
  readonly registry: Registry;
  /** What counts the calls of a function. */
  callsOf(of: Interface, name: string): CountCall;
  /** A call was refused, because there were too many. */
  shedCall(of: Interface): void;
  /** A connection was refused. */
  refuseConnection(of: Interface, reason: Reason): void;
  failHandshake(of: Interface): void;
  /** Something happened to a profile, and is durable. */
  event(type: string): void;
  /** A report of an upstream was refused, because it has sent too many. */
  limitReport(account: string, upstream: string): void;
  attemptDelivery(target: DeliveryTarget, outcome: DeliveryOutcome, seconds: number): void;
  attemptCoreNetwork(kind: CoreKind, outcome: CoreOutcome): void;
};

const targets = ['webhook', 'operator', 'mail', 'core_network', 'anchor'] as const;
export type DeliveryTarget = (typeof targets)[number];
/** `retry`: it was not delivered and is tried again. `failed`: it is not tried again. */
const outcomes = ['delivered', 'retry', 'failed', 'skipped'] as const;
export type DeliveryOutcome = (typeof outcomes)[number];
/** Of one attempt. */
const coreOutcomes = ['delivered', 'refused', 'rejected', 'skipped'] as const;
type CoreOutcome = (typeof coreOutcomes)[number];

const DELIVERY_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10];

/** Counters of one process. `worker`: the label of every line, so that a restarted process is a counter of its own that starts again. */
export function createMetrics(worker: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ worker });
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray())
    if (name.startsWith('nodejs_active_')) registry.removeSingleMetric(name); // long lists of connections
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter<L>({ name, help, labelNames, registers: [registry] });
  const histogram = <L extends string>(name: string, help: string, labelNames: L[], buckets: number[]) =>
    new Histogram<L>({ name, help, labelNames, buckets, registers: [registry] });
  const shed = counter('esim_calls_shed_total', 'Calls refused because of the load', ['interface']);
  const refused = counter('esim_connections_refused_total', 'Connections refused', ['interface', 'reason']);
  const handshakes = counter('esim_tls_handshakes_failed_total', 'TLS handshakes that failed', ['interface']);
  const limited = counter(
    'esim_upstream_reports_limited_total',
    'Reports of upstreams refused because of their rate',
    ['account', 'upstream'],
  );
  const events = counter('esim_profile_events_total', 'Events of profiles that this process has saved', [
    'event',
  ]);
  const attempts = counter('esim_delivery_attempts_total', 'Attempts to deliver to a target', [
    'target',
    'outcome',
  ]);
  const coreAttempts = counter('esim_core_network_attempts_total', 'Attempts to send to core networks', [
    'kind',
    'outcome',
  ]);
  const attemptSeconds = histogram(
    'esim_delivery_duration_seconds',
    'Time of one attempt to deliver',
    ['target'],
    DELIVERY_SECONDS,
  );
  for (const one of interfaces) {
    shed.inc({ interface: one }, 0);
    handshakes.inc({ interface: one }, 0);
    for (const reason of refusedBecause) refused.inc({ interface: one, reason }, 0);
  }
  for (const event of eventTypes) events.inc({ event }, 0);
  for (const target of targets) for (const outcome of outcomes) attempts.inc({ target, outcome }, 0);
  for (const kind of coreKinds) for (const outcome of coreOutcomes) coreAttempts.inc({ kind, outcome }, 0);
  return {
    registry,
    callsOf: createCalls(registry),
    shedCall: (of) => shed.inc({ interface: of }),
    refuseConnection: (of, reason) => refused.inc({ interface: of, reason }),
    failHandshake: (of) => handshakes.inc({ interface: of }),
    limitReport: (account, upstream) => limited.inc({ account, upstream }),
    event: (type) => events.inc({ event: type }),
    attemptCoreNetwork: (kind, outcome) => coreAttempts.inc({ kind, outcome }),
    attemptDelivery: (target, outcome, seconds) => {
      attempts.inc({ target, outcome });
      attemptSeconds.observe({ target }, seconds);
    },
  };
}

/** A number that is read when somebody asks for the metrics. Without a value there is no line. */
export function addGauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => number | undefined | Promise<number | undefined>,
): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      const value = await read();
      if (value === undefined) this.remove();
      else this.set(value);
    },
  });
}

/** A number of this process that only grows, and is read when somebody asks for the metrics. */
export function addCounter(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}
