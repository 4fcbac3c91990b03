import { refusals, type StatusCode } from '@esim-rsp/sgp22/status';
import type { ProvenEuicc } from '@esim-rsp/smdp/env';
import { type Buckets, createBuckets } from './buckets.ts';
import { limitNameOf } from './ip-address.ts';
import { createLruCache } from './lru-cache.ts';

const refuse = refusals({
  fromAddress: ['1.2', '4.4', 'too many wrong activation codes or confirmation codes from this address'],
  fromEuicc: ['1.2', '4.4', 'too many wrong activation codes or confirmation codes from this eUICC'],
});

/** Status codes of a wrong code: MatchingID or EID refused, confirmation code refused, or its attempts used up. */
const wrong = new Set(['8.2.6/3.8', '8.1.1/3.8', '8.2.7/3.8', '8.2.7/6.4']);

/** eUICCs under a public CI that are remembered until they send a confirmation code. */
const MAX_REMEMBERED = 10_000;

/** Limits how many wrong codes an eUICC and an address may send per minute, so that codes cannot be guessed. */
export type CodeAttempts = {
  /** Begins a call that may try a code. Throws a Refusal if the address must wait. `now`: Unix milliseconds. */
  begin(address: string, now: number): CodeAttempt;
};

/** One call that tries a code. What it takes from the limits, it takes before the code is checked, and gives back if the code was not wrong: so calls at the same time cannot exceed them. */
export type CodeAttempt = {
  /** The eUICC has proved who it is. Throws a Refusal if it must wait: so it does not learn whether the code is right. */
  readonly euiccProven: (euicc: ProvenEuicc) => void;
  /** Ends the call. `status`: why it was refused. */
  end(status?: StatusCode): void;
};

export type CodeAttemptLimits = {
  /** Wrong codes per minute; 0: no limit. */
  readonly perEuicc: number;
  readonly perAddress: number;
  /** Whether anybody can create eUICCs under this CI: then only their addresses count. `ciPKId`: key identifier of the CI. */
  readonly isPublicCi: (ciPKId: Uint8Array) => boolean;
};

export function createCodeAttempts({ perEuicc, perAddress, isPublicCi }: CodeAttemptLimits): CodeAttempts {
  const euiccs = createBuckets(perEuicc);
  const addresses = createBuckets(perAddress);
  const underPublicCi = createLruCache<true>(MAX_REMEMBERED);
  const isUnlimited = (name: string, { ciPKId }: ProvenEuicc) => {
    if (ciPKId !== undefined && isPublicCi(ciPKId)) underPublicCi.set(name, true);
    return underPublicCi.get(name) === true;
  };
  return {
    begin: (address, now) => {
      const taken: [Buckets, string][] = [];
      const take = (from: Buckets, name: string, refusal: (message: string) => Error) => {
        const seconds = from.take(name, now);
        if (seconds > 0) throw refusal(`try again in ${seconds} seconds`);
        taken.push([from, name]);
      };
      take(addresses, limitNameOf(address), refuse.fromAddress);
      return {
        euiccProven: (euicc) => {
          const name = nameOf(euicc);
          if (taken.some(([, other]) => other === name) || isUnlimited(name, euicc)) return;
          take(euiccs, name, refuse.fromEuicc);
        },
        end: (status) => {
          if (status !== undefined && wrong.has(`${status.subjectCode}/${status.reasonCode}`)) return;
          for (const [from, name] of taken) from.giveBack(name);
        },
      };
    },
  };
}

/** With its key: an eUICC under another CI that claims the same EID has its own limit. */
function nameOf({ eid, spki }: ProvenEuicc): string {
  return `${eid} ${Buffer.from(spki).toString('base64')}`;
}
