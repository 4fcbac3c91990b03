import { retryOperation as retry } from '@esim-rsp/smdp/gateway/retryOperation';
import { run } from '@esim-rsp/smdp/run';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import type { GatewayStore } from '../../store/ports/gateway/upstreams.ts';
import { operation, type Services } from '../frame/operation.ts';
import {
  OPERATIONS,
  OperationParams,
  operationResponse,
  ownedOperation,
  UpstreamOperation,
} from './upstream-operation.ts';

export const retryOperation = operation({
  operationId: 'retryOperation',
  method: 'POST',
  url: `${OPERATIONS}/:operation/retry`,
  summary:
    'Try an operation again now that waits for its next attempt, for example when its upstream is back',
  params: OperationParams,
  permissions: ['care'],
  answers: {
    200: { description: 'The operation: its next attempt is due', schema: UpstreamOperation },
    404: { description: 'There is no such operation', code: 'operation_not_found' },
    409: {
      description: 'The operation has ended, or a call is in progress, or it waits until an admin settles it',
      code: 'invalid_transition',
    },
    503: { description: 'Too many calls change this operation at the same time' },
  },
  targets: (_asked, { iccid, upstream }) => [iccid, upstream],
  respond: async (
    services: Services<GatewayStore & Pick<OperationStore, 'operation'>>,
    { env, account, params },
  ) => {
    const { id } = await ownedOperation(services, account, params.operation);
    const due = await run(retry, { id }, services.store, env);
    services.operationAccepted?.();
    return operationResponse(due ?? (await ownedOperation(services, account, id)));
  },
  answerAgain: async (services, { account, params }) =>
    operationResponse(await ownedOperation(services, account, params.operation)),
});
