import { timeOf } from '../../shapes/time.ts';
import type { OverviewStore } from '../../store/ports/logs/overview.ts';
import type { OperatorStore } from '../../store/ports/operators.ts';
import type { Target } from '../../store/ports/outbox.ts';
import type { WebhookEndpoint, WebhookStore } from '../../store/ports/webhooks.ts';
import type { OverviewResponse } from './overview.ts';

export type ReceiverStore = Pick<OverviewStore, 'waitingDeliveries'> &
  Pick<WebhookStore, 'webhooks'> &
  Pick<OperatorStore, 'operators'>;

/** Messages of a receiver that are counted. */
const MOST_WAITING = 1000;
const LATE = 5 * 60_000;
/** Operators of an account that are looked at; there are fewer webhooks than that. */
const MOST_OPERATORS = 100;

type Late = OverviewResponse['late_deliveries'][number];
type Receiver = Target & Pick<WebhookEndpoint, 'failingSince' | 'disabled'>;

/** The webhooks and operators of an account that do not get their messages. `now`: Unix milliseconds. */
export async function lateDeliveries(store: ReceiverStore, account: string, now: number): Promise<Late[]> {
  const [webhooks, operators] = await Promise.all([store.webhooks(account), store.operators()]);
  const own = operators.filter((one) => one.account === account && one.progress !== undefined);
  const receivers: Receiver[] = [
    ...webhooks.map(({ id, failingSince, disabled }) => ({
      ...({ kind: 'webhook', target: id } as const),
      ...(failingSince !== undefined && { failingSince }),
      ...(disabled !== undefined && { disabled }),
    })),
    ...own.slice(0, MOST_OPERATORS).map(({ name }) => ({ kind: 'es2', target: name }) as const),
  ];
  const found = await Promise.all(receivers.map((receiver) => lateOf(store, receiver, now)));
  return found.filter((one) => one !== undefined);
}

async function lateOf(store: ReceiverStore, receiver: Receiver, now: number): Promise<Late | undefined> {
  const { kind, target, failingSince, disabled } = receiver;
  const { count, oldestAt } = await store.waitingDeliveries({ kind, target }, MOST_WAITING);
  const isLate = oldestAt !== undefined && now - oldestAt > LATE;
  if (!isLate && failingSince === undefined && disabled === undefined) return undefined;
  return {
    kind: kind === 'webhook' ? kind : 'operator',
    target,
    waiting: count,
    ...(oldestAt !== undefined && { waiting_since: timeOf(oldestAt) }),
    ...(failingSince !== undefined && { failing_since: timeOf(failingSince) }),
    ...(disabled !== undefined && { disabled: true }),
  };
}
