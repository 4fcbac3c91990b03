import type { Change } from '@esim-rsp/smdp/state/change';
import type { ChangeStore } from '../store/ports/changes.ts';
import type { Traces } from './traces.ts';

/** The same store, whose saves are steps of traces. Their events remember the trace, so that what they cause becomes part of it. */
export function traceSaves<S extends ChangeStore>(store: S, traces: Traces): S {
  return {
    ...store,
    save: (changes, request) =>
      traces.step('store.save', (span) => {
        const [event] = changes.flatMap((change) => ('event' in change ? [change.event] : []));
        if (event !== undefined) span.note({ type: event.type, iccid: event.iccid });
        if (event?.actor.kind === 'device') span.note({ eid: event.actor.eid });
        return store.save(withTraceparent(changes, traces.current()), request);
      }),
  };
}

function withTraceparent(changes: readonly Change[], traceparent: string | undefined): readonly Change[] {
  if (traceparent === undefined) return changes;
  return changes.map((change) => ('event' in change ? { event: { ...change.event, traceparent } } : change));
}
