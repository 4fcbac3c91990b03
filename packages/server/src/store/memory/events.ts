import type { ProfileEvent } from '@esim-rsp/smdp/state/event';
import type { EventStore, StoredEvent } from '../ports/events.ts';

/** Events that are forgotten when the process ends. */
export function memoryEvents(): { readonly add: (event: ProfileEvent) => void; readonly reader: EventStore } {
  const events: StoredEvent[] = [];
  return {
    add: (event) => void events.push({ ...event, id: events.length + 1 }),
    reader: {
      events: async ({ account, iccid, after, count }) =>
        events
          .filter(
            (event) =>
              event.id > after &&
              (account === undefined || event.account === account) &&
              (iccid === undefined || event.iccid === iccid),
          )
          .slice(0, count),
      lastEvent: async () => events.length,
    },
  };
}
