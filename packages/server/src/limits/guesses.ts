import { refusals, type StatusCode } from '@esim-rsp/sgp22/status';
import { buckets } from './buckets.ts';

const refuse = refusals({
  tooMany: ['1.2', '4.4', 'too many wrong activation codes or confirmation codes came from here'],
});

/** Refusals that a guess ends in: no such MatchingID, no such EID, a wrong confirmation code. */
const wrong = new Set(['8.2.6/3.8', '8.1.1/3.8', '8.2.7/3.8', '8.2.7/6.4']);

/** Slows those down who try codes: an address has so many wrong ones a minute. */
export type Guesses = {
  /** Throws when the address has to wait: whatever it sends, so that it does not learn whether it was right. */
  mayTry(address: string, now: number): void;
  note(address: string, status: StatusCode, now: number): void;
};

export function guesses(perMinute: number): Guesses {
  const left = buckets(perMinute);
  return {
    mayTry: (address, now) => {
      const seconds = left.wait(address, now);
      if (seconds > 0) throw refuse.tooMany(`try again in ${seconds} seconds`);
    },
    note: (address, { subjectCode, reasonCode }, now) => {
      if (wrong.has(`${subjectCode}/${reasonCode}`)) left.take(address, now);
    },
  };
}
