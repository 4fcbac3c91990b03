import { Type } from '@sinclair/typebox';
import type { OperatorStore } from '../../store/ports/operators.ts';
import { operation, type Services } from '../frame/operation.ts';
import { Operator, operatorResponse } from './operator.ts';

const ListOperatorsResponse = Type.Object(
  { operators: Type.Array(Operator, { description: 'The operators, by name' }) },
  { $id: 'ListOperatorsResponse', description: 'The operators of the account' },
);

export const listOperators = operation({
  operationId: 'listOperators',
  method: 'GET',
  url: '/api/v1/esim/operators',
  summary: 'List the operators that may order over ES2+ for the account',
  permissions: ['admin'],
  answers: { 200: { description: 'The operators', schema: ListOperatorsResponse } },
  respond: async ({ store }: Services<Pick<OperatorStore, 'operators'>>, { account }) => ({
    operators: (await store.operators())
      .filter((operator) => operator.account === account)
      .map(operatorResponse),
  }),
});
