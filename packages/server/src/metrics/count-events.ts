import type { ChangeStore } from '../store/ports/changes.ts';
import type { Metrics } from './metrics.ts';

/** The same store, whose saved events are counted. */
export function countEvents<S extends ChangeStore>(store: S, { event }: Pick<Metrics, 'event'>): S {
  return {
    ...store,
    save: async (changes, request) => {
      const saved = await store.save(changes, request);
      if (saved === 'saved') for (const change of changes) if ('event' in change) event(change.event.type);
      return saved;
    },
  };
}
