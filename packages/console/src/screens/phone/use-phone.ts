import type { LabEvent, LabFault, LabPhone } from '@esim-rsp/sdk';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi } from '../../session/session.ts';

/** What the screen knows of the phone: its state, and what happened since the last download started. */
export type PhoneView = {
  readonly phone: LabPhone | undefined;
  readonly faults: readonly LabFault[];
  readonly events: readonly LabEvent[];
  readonly error: unknown;
  readonly reload: () => void;
};

/** Follows the phone of the lab while the screen is open. */
export function usePhone(): PhoneView {
  const api = useApi();
  const [phone, setPhone] = useState<LabPhone>();
  const [faults, setFaults] = useState<readonly LabFault[]>([]);
  const [events, setEvents] = useState<readonly LabEvent[]>([]);
  const [error, setError] = useState<unknown>();
  const turn = useRef(0);
  const reload = useCallback(() => {
    const own = ++turn.current;
    api.getLabPhone().then(
      ({ data }) => own === turn.current && setPhone(data),
      (problem) => own === turn.current && setError(problem),
    );
  }, [api]);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    reload();
    api.listLabFaults({ signal }).then(({ data }) => setFaults(data.faults), setError);
    const follow = async () => {
      for await (const event of api.followLabEvents({}, { signal })) {
        setEvents((before) => (event.type === 'download.started' ? [event] : [...before, event]));
        if (['question', 'download.ended', 'phone.changed'].includes(event.type)) reload();
      }
    };
    follow().catch((problem) => signal.aborted || setError(problem));
    return () => stop.abort();
  }, [api, reload]);
  return { phone, faults, events, error, reload };
}
