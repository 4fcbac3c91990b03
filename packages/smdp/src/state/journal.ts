import type { StatusCode } from '@esim-rsp/sgp22/status';

/** One call of a session: which function, when, and whether it was refused. It holds nothing that the caller sent. */
export type JournalEntry = {
  readonly function: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** Absent: the call was accepted. */
  readonly refused?: StatusCode;
  /** The check that refused, by its name in sgp22/functions/es9plus-checks.ts. */
  readonly check?: string;
  /** What the device reported: why it gave up, or could not install. */
  readonly reported?: StatusCode;
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
export function journalWith(journal: readonly JournalEntry[], entry: JournalEntry): readonly JournalEntry[] {
  if (journal.length >= MOST_ENTRIES) return journal;
  const { refused, reported } = entry;
  if (refused !== undefined && refusalsIn(journal) >= REMEMBERED_REFUSALS) return journal;
  return [
    ...journal,
    {
      ...entry,
      ...(refused !== undefined && { refused: shortened(refused) }),
      ...(reported !== undefined && { reported: shortened(reported) }),
    },
  ];
}

function refusalsIn(journal: readonly JournalEntry[]): number {
  return journal.filter(({ refused }) => refused !== undefined).length;
}

function shortened({ message, ...codes }: StatusCode): StatusCode {
  return { ...codes, message: message.slice(0, MESSAGE_LENGTH) };
}
