import type { StatusCode } from '@esim-rsp/sgp22/status';

/** One call of a session: which function, when, and whether it was refused. It holds nothing that the caller sent. */
export type JournalEntry = {
  readonly function: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** Absent: the call was accepted. */
  readonly refused?: StatusCode;
};

/**
 * How many refusals a session remembers: the first ones, because they say why it failed. Each is a save that can make a
 * call beside it decide anew, so there are fewer of them than `run` has attempts.
 */
export const REMEMBERED_REFUSALS = 4;

/** No whole download comes near it; a call that is repeated for ever does. */
const MOST_ENTRIES = 32;
const MESSAGE_LENGTH = 300;

/** The journal with one entry more; the same journal where the session remembers no more of its kind. */
export function journalWith(
  journal: readonly JournalEntry[],
  { refused, ...call }: JournalEntry,
): readonly JournalEntry[] {
  if (journal.length >= MOST_ENTRIES) return journal;
  if (refused === undefined) return [...journal, call];
  if (journal.filter((entry) => entry.refused !== undefined).length >= REMEMBERED_REFUSALS) return journal;
  const message = refused.message.slice(0, MESSAGE_LENGTH);
  return [...journal, { ...call, refused: { ...refused, message } }];
}
