import { fromHex } from '@esim-rsp/codec';
import { sameSecret } from '@esim-rsp/sgp22/crypto/digest';
import { must, refusals } from '@esim-rsp/sgp22/status';
import { hashCc } from '@esim-rsp/sgp22/value/confirmation-code';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Env } from '../env.ts';
import type { Decision } from '../run.ts';
import { recordEvent, recordTransition } from '../state/change.ts';
import { byDevice } from '../state/event.ts';
import type { Downloaded, Released } from '../state/profile.ts';
import { fail, withOrder } from '../state/transitions.ts';

/** The status codes of the confirmation code (5.6.2). */
export const refuse = refusals({
  codeMissing: ['8.2.7', '2.2', 'this download needs the confirmation code'],
  codeWrong: ['8.2.7', '3.8', 'the confirmation code is wrong'],
  codeAttemptsExhausted: [
    '8.2.7',
    '6.4',
    'too many wrong confirmation codes; ask the operator for a new order',
  ],
});

type Asking = { readonly transactionId: TransactionId; readonly eid: Eid };

/** A wrong confirmation code costs an attempt, the last one ends the order (3.1.3.2). Undefined: it is right, or there is none. */
export function refusedByCode(
  profile: Released | Downloaded,
  given: Uint8Array | undefined,
  { transactionId, eid }: Asking,
  env: Env,
): Decision<never> | undefined {
  const { order } = profile;
  const code = order.confirmationCode;
  if (code === undefined) return undefined;
  must(code.attemptsLeft > 0, refuse.codeAttemptsExhausted); // of a reusable order: another one has ended
  must(given !== undefined && given.length > 0, refuse.codeMissing);
  if (sameSecret(given, hashCc(code.hash, fromHex(transactionId)))) return undefined;
  const attemptsLeft = code.attemptsLeft - 1;
  const counted = withOrder(profile, { ...order, confirmationCode: { ...code, attemptsLeft } });
  const cause = byDevice(eid, env, { transactionId, point: 2 });
  if (attemptsLeft === 0) return locked(profile, counted, cause);
  const refusal = refuse.codeWrong(
    attemptsLeft === 1 ? '1 attempt is left' : `${attemptsLeft} attempts are left`,
  );
  const outcome = { from: profile, to: counted, reason: refusal.status };
  return { refusal, save: [{ profile: counted }, recordEvent('confirmation_code.wrong', outcome, cause)] };
}

function locked(
  profile: Released | Downloaded,
  counted: Released | Downloaded,
  cause: ReturnType<typeof byDevice>,
): Decision<never> {
  const refusal = refuse.codeAttemptsExhausted();
  const failed = fail(counted, refusal.status, Math.floor(cause.at / 1000));
  const outcome = { from: profile, to: profile, reason: refusal.status };
  const { point: _, ...silently } = cause; // operators hear of it once
  return {
    refusal,
    save: [
      { profile: failed },
      recordEvent('confirmation_code.locked', outcome, cause),
      ...recordTransition(profile, failed, silently),
    ],
  };
}

/** The code was right. A reusable order goes on for ever, so it counts the wrong ones in a row. */
export function withAttemptsBack<P extends Released | Downloaded>(profile: P, { limits }: Env): P {
  const { reusable, confirmationCode: code } = profile.order;
  const attemptsLeft = limits.confirmationCodeAttempts;
  if (!reusable || code === undefined || code.attemptsLeft >= attemptsLeft) return profile;
  return withOrder(profile, { ...profile.order, confirmationCode: { ...code, attemptsLeft } });
}
