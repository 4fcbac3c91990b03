import type { StatusCode } from '@esim-rsp/sgp22/status';

/** One call of a session: which function, when, and whether it was refused. It holds nothing that the caller sent. */
export type JournalEntry = {
  readonly function: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** Absent: the call was accepted. */
  readonly refused?: StatusCode;
  /**
   * The key of the last check that was made, in the `checks` of the function: the one that refused, or else passed. All before it passed. Absent: the
   * function has no checks, or the entry is older than the keys and its checks are not known.
   */
  readonly check?: string;
  /** The keys of checks before `check` that were not made, because there was nothing to check. */
  readonly notMade?: readonly string[];
  /** Why an accepted message changed nothing: it came late, or was not genuine. */
  readonly ignored?: StatusCode;
  /** What the device reported: why it gave up, or could not install. */
  readonly reported?: StatusCode;
};

/**
 * How many refusals, and messages that changed nothing, a session remembers: the first ones, because they say why it failed, and the last one, because CancelSession
 * depends on it. Each is a save that can make a parallel call decide again, so there are fewer of them than `run` has attempts, and one that
 * is the same as the one before is no save.
 */
export const REMEMBERED_REFUSALS = 4;

/** No whole download comes near it; a call that is repeated for ever does. */
const MOST_ENTRIES = 32;
const MESSAGE_LENGTH = 300;

/** Adds an entry to a journal; returns the same journal if it is full for entries of this kind. */
export function addEntry(journal: readonly JournalEntry[], entry: JournalEntry): readonly JournalEntry[] {
  if (journal.length >= MOST_ENTRIES) return journal;
  const { refused, ignored, reported } = entry;
  const isFull =
    !hasEffect(entry) && journal.filter((each) => !hasEffect(each)).length >= REMEMBERED_REFUSALS;
  const last = isFull ? journal.findLastIndex((each) => !hasEffect(each)) : -1;
  if (isFull && (refused === undefined || isRepeat(journal[last], entry))) return journal;
  return [
    ...journal.filter((_, i) => i !== last),
    {
      ...entry,
      ...(refused !== undefined && { refused: shorten(refused) }),
      ...(ignored !== undefined && { ignored: shorten(ignored) }),
      ...(reported !== undefined && { reported: shorten(reported) }),
    },
  ];
}

function hasEffect({ refused, ignored }: JournalEntry): boolean {
  return refused === undefined && ignored === undefined;
}

function isRepeat(before: JournalEntry | undefined, { function: name, refused }: JournalEntry): boolean {
  return (
    before?.function === name &&
    before.refused?.subjectCode === refused?.subjectCode &&
    before.refused?.reasonCode === refused?.reasonCode
  );
}

function shorten({ message, ...codes }: StatusCode): StatusCode {
  return { ...codes, message: message.slice(0, MESSAGE_LENGTH) };
}
