import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Decision, ProtocolFunction } from '../run.ts';
import { isInProgress, isOpen, NEVER, type Operation, type OperationId } from '../state/gateway/operation.ts';

const refuse = refusals({
  ended: [
    '8.2.1',
    '3.5',
    'the operation has ended, and is not tried again: request it again if it is still needed',
  ],
  inProgress: [
    '8.2.1',
    '3.5',
    'a call of this operation is in progress, and is not made twice: wait until it has ended',
  ],
  notRepeated: [
    '8.2.1',
    '3.5',
    'the upstream may have done the call, and a repeat could not show it: ask the upstream, and settle the operation',
  ],
});

export type RetryOperationRequest = { readonly id: OperationId };

/**
 * Lets an operation that waits for its next attempt have it now. It is claimed as any that is due, so that its call is made once. How long it waits after
 * that attempt follows from the number of attempts, as before.
 */
export const retryOperation: ProtocolFunction<
  RetryOperationRequest,
  Operation | undefined,
  Operation | undefined
> = {
  load: ({ id }, reader) => reader.operation(id),
  decide: (_request, operation, { now }): Decision<Operation> => {
    must(operation !== undefined && isOpen(operation), refuse.ended);
    must(!isInProgress(operation, now), refuse.inProgress);
    must(operation.nextAttemptAt !== NEVER, refuse.notRepeated);
    const due = { ...operation, nextAttemptAt: Math.min(operation.nextAttemptAt, now) };
    return { reply: due, save: [{ operation: due }] };
  },
};
