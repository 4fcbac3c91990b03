import type { DownloadAttempt, GetEUICCProfileResponse, ProfileEvent, StateReason } from '@esim-rsp/sdk';
import type { Text } from '../../text/en.ts';

/** One failure in words: what happened, what to say to the customer, and the codes for those who want them. */
export type Failure = {
  readonly at: string | undefined;
  readonly what: string;
  readonly advice: string;
  readonly codes: string;
};

/** A reason in words. Codes that the text does not know keep the words of the server. */
export function explain(
  reason: StateReason,
  text: Pick<Text, 'reason' | 'reasonUnknown'>,
): Omit<Failure, 'at'> {
  const codes = `${reason.subject_code}/${reason.reason_code}`;
  const known = text.reason[codes];
  return {
    what: known?.what ?? reason.message,
    advice: known?.advice ?? text.reasonUnknown,
    codes,
  };
}

/** Where the profile is, in sentences. `when` writes a time. Only its upstream knows how often the download of its profile was started. */
export function whereIs(
  profile: GetEUICCProfileResponse,
  attempts: number | undefined,
  words: Text['profile'],
  when: (at: string) => string,
): string[] {
  const { state, last_operation_at: at, order_expires_at: ends, download_attempts_left: left } = profile;
  const isWaiting = state === 'RELEASED';
  const hasEnded = ends !== undefined && Date.parse(ends) < Date.now();
  return [
    words.where[state](at === undefined ? '' : when(at)),
    ...(isWaiting && attempts !== undefined && profile.upstream === undefined
      ? [words.attempts(attempts)]
      : []),
    ...(isWaiting && left !== undefined ? [words.attemptsLeft(left)] : []),
    ...(isWaiting && ends !== undefined ? [(hasEnded ? words.expired : words.expires)(when(ends))] : []),
    ...(isWaiting && profile.cc_required === true ? [words.needsCode] : []),
  ];
}

const FAILURES = new Set([
  'download.refused',
  'profile.error',
  'confirmation_code.wrong',
  'confirmation_code.locked',
]);
/** After one of these, what failed before is over. */
const ENDS = new Set([
  'profile.installed',
  'profile.enabled',
  'profile.released',
  'profile.reset',
  'profile.ordered',
]);

/** The failure that matters now, or undefined: the newest of the events and of the attempts that nothing has overtaken. */
export function lastFailure(
  profile: GetEUICCProfileResponse,
  newestFirst: readonly ProfileEvent[],
  attempts: readonly DownloadAttempt[],
  text: Pick<Text, 'reason' | 'reasonUnknown'>,
): Failure | undefined {
  const end = newestFirst.find(({ type }) => ENDS.has(type))?.occurred_at ?? '';
  const events = newestFirst.flatMap(({ type, reason, occurred_at }) =>
    FAILURES.has(type) && reason !== undefined ? [{ at: occurred_at, reason }] : [],
  );
  const calls = attempts.flatMap(({ calls: own }) =>
    own.flatMap(({ refused, reported, occurred_at }) => {
      const reason = refused ?? reported;
      return reason === undefined ? [] : [{ at: occurred_at, reason }];
    }),
  );
  const found = [...events, ...calls].filter(({ at }) => at >= end).sort((a, b) => (a.at < b.at ? 1 : -1))[0];
  if (found !== undefined) return { at: found.at, ...explain(found.reason, text) };
  const { state_reason: reason, last_operation_at: at } = profile;
  return reason === undefined ? undefined : { at, ...explain(reason, text) };
}
