import type { ESIMRSPApi, EUICCProfileState, GetEUICCProfileResponse } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Confirm } from '../../parts/dialog.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useApi, useSigned } from '../../session/session.ts';
import type { Text } from '../../text/en.ts';
import { useText } from '../../text/text.ts';

type Words = Text['profile'];

type Action = {
  /** What its operation of the API needs. */
  readonly permission: 'order' | 'care';
  readonly states: readonly EUICCProfileState[];
  readonly name: (words: Words) => string;
  /** Present: it cannot be undone, so the console asks first. */
  readonly ask?: (words: Words) => readonly [title: string, what: string];
  /** Resolves to the profile that the reader wants to see after it. */
  readonly run: (api: ESIMRSPApi, iccid: string) => Promise<string>;
};

const ORDERED: readonly EUICCProfileState[] = ['ALLOCATED', 'LINKED', 'CONFIRMED', 'RELEASED'];
const SENT: readonly EUICCProfileState[] = [
  'DOWNLOADED',
  'INSTALLED',
  'ENABLED',
  'DISABLED',
  'DELETED',
  'ERROR',
];

const same = async (call: Promise<unknown>, iccid: string) => {
  await call;
  return iccid;
};

const ACTIONS: Readonly<Record<string, Action>> = {
  confirm: {
    permission: 'order',
    states: ['ALLOCATED', 'LINKED'],
    name: (words) => words.confirm,
    run: (api, iccid) => same(api.confirmEUICCProfile(iccid), iccid),
  },
  release: {
    permission: 'order',
    states: ['CONFIRMED'],
    name: (words) => words.release,
    run: (api, iccid) => same(api.releaseEUICCProfile(iccid), iccid),
  },
  again: {
    permission: 'care',
    states: ['DOWNLOADED', 'ERROR', 'DELETED'],
    name: (words) => words.again,
    run: (api, iccid) => same(api.reReleaseEUICCProfile(iccid), iccid),
  },
  newCode: {
    permission: 'care',
    states: ['RELEASED', ...SENT],
    name: (words) => words.newCode,
    ask: (words) => [words.newCodeAsk, words.newCodeWhat],
    run: (api, iccid) => same(api.replaceEUICCProfile(iccid, { by: 'same' }), iccid),
  },
  replace: {
    permission: 'care',
    states: ['RELEASED', ...SENT],
    name: (words) => words.replace,
    ask: (words) => [words.replaceAsk, words.replaceWhat],
    run: async (api, iccid) => (await api.replaceEUICCProfile(iccid, { by: 'another' })).data.iccid,
  },
  cancel: {
    permission: 'care',
    states: ORDERED,
    name: (words) => words.cancelOrder,
    ask: (words) => [words.cancelAsk, words.cancelWhat],
    run: (api, iccid) => same(api.cancelEUICCProfile(iccid), iccid),
  },
  reset: {
    permission: 'order',
    states: ['DELETED', 'ERROR', 'UNAVAILABLE'],
    name: (words) => words.reset,
    ask: (words) => [words.resetAsk, words.resetWhat],
    run: (api, iccid) => same(api.resetEUICCProfile(iccid), iccid),
  },
  retire: {
    permission: 'order',
    states: ['AVAILABLE', 'INSTALLED', 'ENABLED', 'DISABLED', 'DELETED', 'ERROR'],
    name: (words) => words.retire,
    ask: (words) => [words.retireAsk, words.retireWhat],
    run: (api, iccid) => same(api.retireEUICCProfile(iccid), iccid),
  },
};

type Props = { readonly profile: GetEUICCProfileResponse; readonly onDone: () => void };

/** What the reader may do with the profile in its state. What cannot be undone asks first. While something is open at its upstream, the API refuses everything else. */
export function Actions({ profile, onDone }: Props) {
  const words = useText().profile;
  const { session } = useSigned();
  const [asked, setAsked] = useState<Action>();
  const { isBusy, isDone, error, run } = useRun(profile.iccid, onDone);
  const may = (permission: Action['permission']) => session.permissions.includes(permission);
  const mayBeOrdered = profile.state === 'AVAILABLE' && may('order');
  const offered = Object.entries(ACTIONS).filter(
    ([, { states, permission }]) => states.includes(profile.state) && may(permission),
  );
  if (offered.length === 0 && !mayBeOrdered) return null;
  const isOpen = profile.pending_operation !== undefined;
  const [title = '', what = ''] = asked?.ask?.(words) ?? [];
  return (
    <section aria-label={words.actions} className="doing">
      {mayBeOrdered && !isOpen && (
        <Link href={`/order?iccid=${profile.iccid}`} className="button primary">
          {words.order}
        </Link>
      )}
      {offered.map(([key, action]) => (
        <button
          key={key}
          type="button"
          disabled={isBusy || isOpen}
          onClick={() => (action.ask === undefined ? run(action) : setAsked(action))}
        >
          {action.name(words)}
        </button>
      ))}
      {isOpen && <p className="muted">{words.waitsForOperation}</p>}
      <span role="status">{isDone && words.done}</span>
      <Problem error={error} />
      {asked !== undefined && (
        <Confirm
          title={title}
          action={asked.name(words)}
          onClose={() => setAsked(undefined)}
          onAction={() => {
            setAsked(undefined);
            void run(asked);
          }}
        >
          <p>{what}</p>
        </Confirm>
      )}
    </section>
  );
}

/** Does what was chosen, then shows the profile that the reader wants to see after it. */
function useRun(iccid: string, onDone: () => void) {
  const api = useApi();
  const [, navigate] = useLocation();
  const [isBusy, setIsBusy] = useState(false);
  const [isDone, setIsDone] = useState(false);
  const [error, setError] = useState<unknown>();
  const run = async (action: Action) => {
    setError(undefined);
    setIsDone(false);
    setIsBusy(true);
    try {
      const next = await action.run(api, iccid);
      setIsDone(true);
      if (next === iccid) onDone();
      else navigate(`/profiles/${next}`);
    } catch (problem) {
      setError(problem);
    } finally {
      setIsBusy(false);
    }
  };
  return { isBusy, isDone, error, run };
}
