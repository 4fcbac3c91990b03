import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import { operation, type Services } from '../frame/operation.ts';
import {
  OPERATIONS,
  OperationParams,
  operationResponse,
  ownedOperation,
  UpstreamOperation,
} from './upstream-operation.ts';

export const getOperation = operation({
  operationId: 'getOperation',
  method: 'GET',
  url: `${OPERATIONS}/:operation`,
  summary: 'Get something that was requested from an upstream, and how it ended',
  params: OperationParams,
  permissions: ['read'],
  answers: {
    200: { description: 'The operation', schema: UpstreamOperation },
    404: { description: 'There is no such operation', code: 'operation_not_found' },
  },
  respond: async (services: Services<Pick<OperationStore, 'operation'>>, { account, params }) =>
    operationResponse(await ownedOperation(services, account, params.operation)),
});
