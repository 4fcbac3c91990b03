import type { ESIMRSPApi, ProfileEvent } from '@esim-rsp/sdk';
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { useApi } from '../session/session.ts';

type Listener = (events: readonly ProfileEvent[]) => void;
export type LiveState = 'connecting' | 'on' | 'off';
type Live = { readonly state: LiveState; readonly listeners: Set<Listener> };

const LiveContext = createContext<Live>({ state: 'off', listeners: new Set() });
/** Milliseconds in which events are gathered and reported together: an import has thousands. */
const GATHER = 400;
/** The wait before a stream that ended is opened again. */
const PAUSE = 10_000;

/** One stream of events for the whole console. */
export function LiveEvents({ children }: { children: ReactNode }) {
  const api = useApi();
  const [state, setState] = useState<LiveState>('connecting');
  const { current: listeners } = useRef(new Set<Listener>());
  useEffect(() => {
    const stop = new AbortController();
    follow(api, listeners, setState, stop.signal).catch(() => undefined);
    return () => stop.abort();
  }, [api, listeners]);
  return <LiveContext value={{ state, listeners }}>{children}</LiveContext>;
}

async function follow(
  api: ESIMRSPApi,
  listeners: ReadonlySet<Listener>,
  setState: (state: LiveState) => void,
  signal: AbortSignal,
): Promise<void> {
  const report = gather((events) => {
    for (const listener of listeners) listener(events);
  });
  let cursor: string | undefined;
  while (!signal.aborted) {
    try {
      cursor ??= await lastEvent(api, signal);
      setState('on');
      const onReconnect = () => setState('off');
      for await (const event of api.followEvents({ cursor }, { signal, onReconnect })) {
        cursor = String(event.id);
        setState('on');
        report(event);
      }
    } catch {
      if (!signal.aborted) setState('off');
    }
    await pause(signal);
  }
}

/** Where the stream starts: after the newest event, so that none is missed while it connects. */
async function lastEvent(api: ESIMRSPApi, signal: AbortSignal): Promise<string> {
  const { data } = await api.listEvents({ sort: 'newest', count: 1 }, { signal });
  return String(data.events[0]?.id ?? 0);
}

function gather(report: Listener): (event: ProfileEvent) => void {
  let waiting: ProfileEvent[] = [];
  return (event) => {
    waiting.push(event);
    if (waiting.length > 1) return;
    setTimeout(() => {
      const events = waiting;
      waiting = [];
      report(events);
    }, GATHER);
  };
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PAUSE);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

export function useLiveState(): LiveState {
  return useContext(LiveContext).state;
}

/** Calls the listener with the events that happen while the screen is open. */
export function useLive(listener: Listener): void {
  const { listeners } = useContext(LiveContext);
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const call: Listener = (events) => latest.current(events);
    listeners.add(call);
    return () => void listeners.delete(call);
  }, [listeners]);
}
