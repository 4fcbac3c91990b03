import { toHex } from '@esim-rsp/codec';
import type { Operation } from '@esim-rsp/smdp/state/gateway/operation';
import type { CallOutcome } from '@esim-rsp/smdp/state/gateway/outcome';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import type { Upstream } from '../../store/ports/gateway/upstreams.ts';
import { callUpstream, type Es2Message, type Es2Network } from './es2-call.ts';
import { operationCall } from './operation-call.ts';
import { type CallEnd, outcomeOf } from './outcome.ts';
import { isDoneThere, statusCall, statusIn } from './status-call.ts';

export type CallParts = {
  readonly network: Es2Network;
  readonly random: (length: number) => Uint8Array;
  readonly signal: AbortSignal;
};

/**
 * Makes the present call of an operation. One whose earlier attempt may have been done is first looked up, if the upstream has a call for that. Rejects
 * if `signal` aborts: what was done is not known then. `profile`: absent of an order of a type, until the upstream has chosen one.
 */
export async function makeCall(
  operation: Operation,
  profile: Profile | undefined,
  upstream: Upstream,
  parts: CallParts,
): Promise<CallOutcome> {
  const { dialect } = upstream;
  const isRepeated = operation.state === 'unknown';
  if (isRepeated && profile === undefined && !dialect.repeatsAnswers) return notRepeated;
  const known =
    isRepeated && profile !== undefined
      ? await lookUpOutcome(operation, profile, upstream, parts)
      : undefined;
  return known ?? outcomeOf(await send(upstream, operationCall(operation, profile, dialect), parts));
}

/** The call was made, and this server has stopped before its end. */
const notRepeated: CallOutcome = {
  kind: 'unknown',
  fault: {
    message:
      'the call was interrupted, and is not repeated: the upstream, which does not repeat its answers, could reserve a second profile',
  },
};

/** undefined: nothing was done, or the upstream cannot say. One that does not answer now is asked again later. */
async function lookUpOutcome(
  operation: Operation,
  { iccid }: Profile,
  upstream: Upstream,
  parts: CallParts,
): Promise<CallOutcome | undefined> {
  const { dialect } = upstream;
  if (dialect.statusCall === 'none') return undefined;
  const message = statusCall(iccid, `status-${toHex(parts.random(16))}`, dialect);
  const end = await send(upstream, message, parts);
  const found = 'response' in end && end.response.status === 200 ? statusIn(end.response, iccid) : undefined;
  if (found === undefined) return askAgain(end);
  return isDoneThere(operation, found.state) === true
    ? { kind: 'executed', answer: found.answer }
    : undefined;
}

/** undefined: the status call has an answer that does not help, so asking again would not either. */
function askAgain(end: CallEnd): CallOutcome | undefined {
  const outcome = outcomeOf(end);
  const isMissing = 'response' in end && [404, 405, 501].includes(end.response.status);
  if (isMissing || outcome.kind === 'executed' || outcome.kind === 'refused') return undefined;
  const message = `getProfileStatus: ${outcome.fault.message}`;
  return { ...outcome, kind: 'notSent', fault: { ...outcome.fault, message } };
}

async function send(
  upstream: Upstream,
  message: Es2Message,
  { network, signal }: CallParts,
): Promise<CallEnd> {
  let wasSent = false;
  const options = {
    signal,
    timeoutMs: upstream.dialect.timeoutSeconds * 1000,
    onSend: () => {
      wasSent = true;
    },
  };
  try {
    return { response: await callUpstream(upstream, message, network, options) };
  } catch (error) {
    signal.throwIfAborted();
    return { error, wasSent };
  }
}
