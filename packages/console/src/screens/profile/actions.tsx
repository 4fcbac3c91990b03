import type { ESIMRSPApi, EUICCProfileState, GetEUICCProfileResponse } from '@esim-rsp/sdk';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Confirm } from '../../parts/dialog.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useApi, useMay } from '../../session/session.ts';
import type { Text } from '../../text/en.ts';
import { useText } from '../../text/text.ts';

type Words = Text['profile'];

type Action = {
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
  release: {
    states: ['CONFIRMED'],
    name: (words) => words.release,
    run: (api, iccid) => same(api.releaseEUICCProfile(iccid), iccid),
  },
  again: {
    states: ['DOWNLOADED', 'ERROR', 'DELETED'],
    name: (words) => words.again,
    run: (api, iccid) => same(api.reReleaseEUICCProfile(iccid), iccid),
  },
  newCode: {
    states: ['RELEASED', ...SENT],
    name: (words) => words.newCode,
    ask: (words) => [words.newCodeAsk, words.newCodeWhat],
    run: (api, iccid) => same(api.replaceEUICCProfile(iccid, { by: 'same' }), iccid),
  },
  replace: {
    states: ['RELEASED', ...SENT],
    name: (words) => words.replace,
    ask: (words) => [words.replaceAsk, words.replaceWhat],
    run: async (api, iccid) => (await api.replaceEUICCProfile(iccid, { by: 'another' })).data.iccid,
  },
  cancel: {
    states: ORDERED,
    name: (words) => words.cancelOrder,
    ask: (words) => [words.cancelAsk, words.cancelWhat],
    run: (api, iccid) => same(api.cancelEUICCProfile(iccid), iccid),
  },
  reset: {
    states: ['DELETED', 'ERROR', 'UNAVAILABLE'],
    name: (words) => words.reset,
    ask: (words) => [words.resetAsk, words.resetWhat],
    run: (api, iccid) => same(api.resetEUICCProfile(iccid), iccid),
  },
  retire: {
    states: ['AVAILABLE', 'INSTALLED', 'ENABLED', 'DISABLED', 'DELETED', 'ERROR'],
    name: (words) => words.retire,
    ask: (words) => [words.retireAsk, words.retireWhat],
    run: (api, iccid) => same(api.retireEUICCProfile(iccid), iccid),
  },
};

/** What can be done with the profile in its state. What cannot be undone asks first. */
export function Actions({ profile, onDone }: { profile: GetEUICCProfileResponse; onDone: () => void }) {
  const text = useText();
  const words = text.profile;
  const api = useApi();
  const mayOrder = useMay('order');
  const [, navigate] = useLocation();
  const [asked, setAsked] = useState<Action>();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [isDone, setIsDone] = useState(false);
  if (!mayOrder) return null;
  const run = async (action: Action) => {
    setAsked(undefined);
    setError(undefined);
    setIsDone(false);
    setIsBusy(true);
    try {
      const next = await action.run(api, profile.iccid);
      setIsDone(true);
      if (next === profile.iccid) onDone();
      else navigate(`/profiles/${next}`);
    } catch (problem) {
      setError(problem);
    } finally {
      setIsBusy(false);
    }
  };
  const [title = '', what = ''] = asked?.ask?.(words) ?? [];
  return (
    <section aria-label={words.actions} className="doing">
      {profile.state === 'AVAILABLE' && (
        <Link href={`/order?iccid=${profile.iccid}`} className="button primary">
          {words.order}
        </Link>
      )}
      {Object.entries(ACTIONS)
        .filter(([, { states }]) => states.includes(profile.state))
        .map(([key, action]) => (
          <button
            key={key}
            type="button"
            disabled={isBusy}
            onClick={() => (action.ask === undefined ? run(action) : setAsked(action))}
          >
            {action.name(words)}
          </button>
        ))}
      <span role="status">{isDone && words.done}</span>
      <Problem error={error} />
      {asked !== undefined && (
        <Confirm
          title={title}
          action={asked.name(words)}
          onClose={() => setAsked(undefined)}
          onAction={() => run(asked)}
        >
          <p>{what}</p>
        </Confirm>
      )}
    </section>
  );
}
