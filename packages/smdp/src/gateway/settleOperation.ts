import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import {
  functionOf,
  isInProgress,
  isOpen,
  type Operation,
  type OperationId,
} from '../state/gateway/operation.ts';
import type { CallAnswer } from '../state/gateway/outcome.ts';
import { decided, type FoundOperation, findOperation, refuseOperation, succeed } from './endCall.ts';
import type { Requested } from './new-operation.ts';
import { whyNotChosen } from './order-of-type.ts';

const refuse = refusals({
  ended: ['8.2.1', '3.5', 'the operation has ended'],
  inProgress: ['8.2.1', '3.5', 'a call of this operation is in progress: try again when it has ended'],
  notSettled: [
    '8.2.6',
    '2.2',
    'the upstream has confirmed the order: send the MatchingID that it shows for it',
  ],
  noProfile: [
    '8.2.1',
    '2.2',
    'the upstream has reserved a profile of the type: send the ICCID that it shows for the order',
  ],
  otherProfile: ['8.2.1', '3.3', 'the profile with this ICCID exists here already, or is not available'],
});

export const settlements = ['done', 'not_done'] as const;

export type SettleOperationRequest = {
  readonly id: OperationId;
  /** What the upstream says about the present call, to somebody who has asked. */
  readonly outcome: (typeof settlements)[number];
  readonly answer: CallAnswer;
};

/** Settles an unknown outcome: an admin says whether the present call was done. If it was, the calls behind it follow. */
export const settleOperation: ProtocolFunction<
  SettleOperationRequest,
  FoundOperation,
  Requested['operation']
> = {
  load: ({ id, answer }, reader) => findOperation(id, answer, reader),
  decide: ({ outcome, answer }, found, env): Decision<Requested['operation']> => {
    const { operation, ...subject } = found;
    must(operation !== undefined && isOpen(operation), refuse.ended);
    must(!isInProgress(operation, env.now), refuse.inProgress);
    const settled = { ...operation, state: 'unknown' as const, settled: settledBy(env) };
    const isGone = operation.iccid !== undefined && subject.profile === undefined;
    if (outcome === 'not_done' || isGone)
      return decided(refuseOperation(settled, subject, { message: NOT_DONE }, env));
    mustName(operation, found, answer);
    return decided(succeed(settled, subject, { answer }, env));
  },
};

function settledBy({ caller, now }: Env): Required<Operation>['settled'] {
  return { at: now, ...(caller !== undefined && 'keyId' in caller && { keyId: caller.keyId }) };
}

/** What the answer would have named: the Profile of an order of a type, and the MatchingID of a confirmation. */
function mustName(operation: Operation, { chosen }: FoundOperation, answer: CallAnswer): void {
  if (operation.iccid === undefined) {
    must(chosen, refuse.noProfile);
    const why = whyNotChosen(chosen, operation);
    must(why === undefined, () => refuse.otherProfile(chosen.identity.iccid));
  }
  const isConfirmation = functionOf(operation) === 'confirmOrder';
  const matchingId = answer.matchingId ?? operation.terms?.matchingId;
  must(!isConfirmation || matchingId !== undefined, refuse.notSettled);
}

const NOT_DONE = 'an admin has settled it: the upstream has not done this call';
