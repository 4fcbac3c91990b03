import type { OperatorStore } from '../../store/ports/operators.ts';
import { operation, type Services } from '../frame/operation.ts';
import { OperatorParams } from './delivery.ts';
import { ownedOperator } from './owned-operator.ts';

export const deleteOperator = operation({
  operationId: 'deleteOperator',
  method: 'DELETE',
  url: '/api/v1/esim/operators/:operator',
  summary: 'Delete an operator: its calls to ES2+ are refused, and its orders stay',
  permissions: ['admin'],
  params: OperatorParams,
  answers: {
    204: { description: 'The operator is deleted' },
    404: { description: 'The account has no such operator', code: 'operator_not_found' },
  },
  respond: async (
    services: Services<Pick<OperatorStore, 'operator' | 'deleteOperator'>>,
    { account, params },
    reply,
  ) => {
    const { name } = await ownedOperator(services, account, params.operator);
    await services.store.deleteOperator(name);
    reply.status(204);
  },
});
