import { EventEmitter, once } from 'node:events';
import type { LabEvent } from '@esim-rsp/server/rest/lab/lab-phone';

const KEPT = 500;

/** The last events of a phone, and the wait for the next one. */
export type EventJournal = {
  add(event: Omit<LabEvent, 'id' | 'at'>): void;
  readonly lastId: number;
  after(id: number): readonly LabEvent[];
  /** Resolves when there is an event after this one, or when `ended` is aborted. */
  next(id: number, ended: AbortSignal): Promise<void>;
};

export function createEventJournal(): EventJournal {
  const kept: LabEvent[] = [];
  const added = new EventEmitter().setMaxListeners(0);
  let lastId = 0;
  return {
    add: (event) => {
      kept.push({ id: ++lastId, at: new Date().toISOString(), ...event });
      if (kept.length > KEPT) kept.shift();
      added.emit('event');
    },
    get lastId() {
      return lastId;
    },
    after: (id) => kept.filter((event) => event.id > id),
    next: async (id, ended) => {
      if (lastId > id || ended.aborted) return;
      await once(added, 'event', { signal: ended }).catch((error) => {
        if (!ended.aborted) throw error;
      });
    },
  };
}
