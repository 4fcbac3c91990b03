import type { EventType } from '@esim-rsp/smdp/state/event';
import { eventResponse } from '../../delivery/event-message.ts';
import type { EventStore } from '../../store/ports/events.ts';
import { HttpProblem } from '../frame/problem.ts';
import { isEventType } from './schemas-events.ts';

export type EventsWish = {
  readonly account: string;
  readonly iccid?: string;
  /** Absent: of every type. */
  readonly types?: readonly EventType[];
  readonly cursor?: string;
  readonly count?: number;
};

/** One page of an account's events. Those of other types are skipped: `next_cursor` is behind them. */
export async function eventsPage(store: EventStore, wish: EventsWish) {
  const { account, iccid, types, cursor = '0', count = 100 } = wish;
  const found = await store.events({
    account,
    ...(iccid !== undefined && { iccid }),
    after: Number(cursor),
    count: count + 1,
  });
  const looked = found.slice(0, count);
  return {
    events: looked.filter(({ type }) => types?.includes(type) ?? true).map(eventResponse),
    next_cursor: String(looked.at(-1)?.id ?? cursor),
    more: found.length > count,
  };
}

/** The types that a query names; throws 400 for one that does not exist. */
export function typesIn(given: string): readonly EventType[] {
  return given.split(',').map((word) => {
    if (isEventType(word)) return word;
    const message = `has ${word}, which is no type of event`;
    throw new HttpProblem(400, 'validation_failed', `types ${message}`, [{ field: 'types', message }]);
  });
}
