import { fromHex } from '@esim-rsp/codec';
import { sameSecret } from '@esim-rsp/sgp22/crypto/digest';
import { type Checks, forCheck, must, refusals } from '@esim-rsp/sgp22/status';
import { hashCc } from '@esim-rsp/sgp22/value/confirmation-code';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Env } from '../env.ts';
import type { Decision } from '../run.ts';
import { recordEvent, recordTransition } from '../state/change.ts';
import { byDevice } from '../state/event.ts';
import type { Downloaded, Released } from '../state/profile.ts';
import { fail, withOrder } from '../state/transitions.ts';

/** The checks of the confirmation code (5.6.2), if the order has one. */
export const codeChecks = {
  codeAttemptsLeft: 'attempts for the confirmation code are left, if the order has one',
  codeSent: 'a confirmation code was sent, if the order has one',
  codeRight: 'the confirmation code is right, if the order has one',
} as const satisfies Checks;

export const refuse = refusals({
  codeMissing: ['8.2.7', '2.2', 'this download needs the confirmation code', 'codeSent'],
  codeWrong: ['8.2.7', '3.8', 'the confirmation code is wrong', 'codeRight'],
  codeAttemptsExhausted: [
    '8.2.7',
    '6.4',
    'too many wrong confirmation codes; ask the operator for a new order',
    'codeAttemptsLeft',
  ],
});

type Device = { readonly transactionId: TransactionId; readonly eid: Eid };

/** Refuses a missing or wrong confirmation code. A wrong one costs an attempt, the last one ends the order (3.1.3.2). Undefined: the code is right, or the order has none. */
export function refuseByCode(
  profile: Released | Downloaded,
  hashed: Uint8Array | undefined,
  { transactionId, eid }: Device,
  env: Env,
): Decision<never> | undefined {
  const { order } = profile;
  const code = order.confirmationCode;
  if (code === undefined) return undefined;
  must(code.attemptsLeft > 0, refuse.codeAttemptsExhausted); // a reusable order that another phone locked
  must(hashed !== undefined && hashed.length > 0, refuse.codeMissing);
  if (sameSecret(hashed, hashCc(code.hash, fromHex(transactionId)))) return undefined;
  const attemptsLeft = code.attemptsLeft - 1;
  const counted = withOrder(profile, { ...order, confirmationCode: { ...code, attemptsLeft } });
  const cause = byDevice(eid, env, { transactionId, point: 2 });
  if (attemptsLeft === 0) return lockOrder(profile, counted, cause);
  const refusal = refuse.codeWrong(
    attemptsLeft === 1 ? '1 attempt is left' : `${attemptsLeft} attempts are left`,
  );
  const outcome = { from: profile, to: counted, reason: refusal.status };
  return { refusal, save: [{ profile: counted }, recordEvent('confirmation_code.wrong', outcome, cause)] };
}

function lockOrder(
  profile: Released | Downloaded,
  counted: Released | Downloaded,
  cause: ReturnType<typeof byDevice>,
): Decision<never> {
  const refusal = forCheck('codeRight', refuse.codeAttemptsExhausted)();
  const failed = fail(counted, refusal.status, Math.floor(cause.at / 1000));
  const outcome = { from: profile, to: profile, reason: refusal.status };
  const { point: _, ...unreported } = cause; // operators are notified once
  return {
    refusal,
    save: [
      { profile: failed },
      recordEvent('confirmation_code.locked', outcome, cause),
      ...recordTransition(profile, failed, unreported),
    ],
  };
}

/** Gives a reusable order its code attempts back after a right code: it never ends, so it counts wrong codes in a row. */
export function resetCodeAttempts<P extends Released | Downloaded>(profile: P, { limits }: Env): P {
  const { reusable, confirmationCode: code } = profile.order;
  const attemptsLeft = limits.confirmationCodeAttempts;
  if (!reusable || code === undefined || code.attemptsLeft >= attemptsLeft) return profile;
  return withOrder(profile, { ...profile.order, confirmationCode: { ...code, attemptsLeft } });
}
