import { refusals, type StatusCode } from '@esim-rsp/sgp22/status';
import { createBuckets } from './buckets.ts';

const refuse = refusals({
  tooMany: ['1.2', '4.4', 'too many wrong activation codes or confirmation codes from this address'],
});

/** Status codes of a wrong code: MatchingID or EID refused, confirmation code refused, or its attempts used up. */
const wrong = new Set(['8.2.6/3.8', '8.1.1/3.8', '8.2.7/3.8', '8.2.7/6.4']);

/** Limits how many wrong codes an address may send per minute, so that codes cannot be guessed. */
export type CodeAttempts = {
  /** Throws a Refusal if the address must wait, before the code is checked: so it does not learn whether the code is right. */
  check(address: string, now: number): void;
  record(address: string, status: StatusCode, now: number): void;
};

export function createCodeAttempts(perMinute: number): CodeAttempts {
  const left = createBuckets(perMinute);
  return {
    check: (address, now) => {
      const seconds = left.wait(address, now);
      if (seconds > 0) throw refuse.tooMany(`try again in ${seconds} seconds`);
    },
    record: (address, { subjectCode, reasonCode }, now) => {
      if (wrong.has(`${subjectCode}/${reasonCode}`)) left.take(address, now);
    },
  };
}
