import { Refusal } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { ProfileState } from '@esim-rsp/smdp/state/profile';
import type { Notification } from './messages.ts';
import { ConnectionLost, type euiccs, type Smdp } from './model-smdp.ts';
import { StoreFailure } from './model-store.ts';
import type { Scheduler } from './scheduler.ts';

/** The eUICC of a phone: its profiles, and the notifications that the server has not acknowledged. */
export type ModelCard = {
  readonly euicc: (typeof euiccs)[number];
  readonly profiles: Map<Iccid, ProfileState>;
  readonly waiting: Notification[];
  seqNumber: number;
};

/** All that take part in a run. */
export type Play = {
  readonly scheduler: Scheduler;
  readonly smdp: Smdp;
  readonly cards: readonly ModelCard[];
  /** The profiles of all operators. An order of one of the reusable ones is always reusable. */
  readonly iccids: readonly Iccid[];
  readonly reusable: ReadonlySet<Iccid>;
  /**
   * Phones download again what they have deleted before they have reported that. Then operators do not put profiles back into stock, and do not
   * delete them and create others with the same ICCID: they would have to know what is still to be reported.
   */
  readonly isHasty: boolean;
  /** Activation codes that operators have given away. */
  readonly codes: { readonly iccid: Iccid; readonly matchingId: string }[];
  /** Something that must not be. */
  readonly report: (what: string) => void;
};

/** What a call answers; undefined: it was refused, or its outcome is unknown. Any other error is a fault of the program. */
export async function attempt<T>(
  { report }: Play,
  call: () => Promise<T>,
): Promise<{ readonly answer: T } | undefined> {
  try {
    return { answer: await call() };
  } catch (error) {
    const isExpected =
      error instanceof Refusal ||
      error instanceof ValueError ||
      error instanceof ConnectionLost ||
      error instanceof StoreFailure;
    if (!isExpected) report(`a function failed: ${error instanceof Error ? error.stack : String(error)}`);
    return undefined;
  }
}
