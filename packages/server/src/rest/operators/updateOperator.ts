import { Type } from '@sinclair/typebox';
import { closed } from '../../shapes/shape.ts';
import type { EventStore } from '../../store/ports/events.ts';
import type { Operator as OperatorRecord, OperatorStore } from '../../store/ports/operators.ts';
import { operation, type Services } from '../frame/operation.ts';
import { OperatorParams } from './delivery.ts';
import { Operator, operatorResponse } from './operator.ts';
import { noSuchOperator, ownedOperator } from './owned-operator.ts';
import { identityIn, operatorSettings, progressIn } from './settings.ts';

const UpdateOperatorRequest = Type.Object(operatorSettings, {
  ...closed,
  $id: 'UpdateOperatorRequest',
  description:
    'Changes of an operator. Members that are absent stay as they are; a progress_url of null ends notifications',
  examples: [{ progress_url: 'https://shop.example.com' }],
});

type Store = Pick<OperatorStore, 'operator' | 'updateOperator'> & Pick<EventStore, 'lastEventId'>;

export const updateOperator = operation({
  operationId: 'updateOperator',
  method: 'PATCH',
  url: '/api/v1/esim/operators/:operator',
  summary: 'Update an operator: its certificate, its identifiers, and where downloads are reported to',
  permissions: ['admin', 'server'],
  params: OperatorParams,
  body: UpdateOperatorRequest,
  answers: {
    200: { description: 'The operator', schema: Operator },
    400: { description: 'A member is not valid', code: 'invalid_value' },
    404: { description: 'The account has no such operator', code: 'operator_not_found' },
  },
  respond: async (services: Services<Store>, { env, account, params, body }) => {
    const { store } = services;
    const { name, progress: earlier } = await ownedOperator(services, account, params.operator);
    const identity = identityIn(body, env.now);
    const begin = { from: env.now, after: await store.lastEventId() };
    progressIn(body, earlier, begin);
    const { requester_identifiers: requesterIdentifiers } = body;
    const updated = await store.updateOperator(name, (before): OperatorRecord => {
      if (before.account !== account) return before;
      const { progress: _, ...others } = before;
      const progress = progressIn(body, before.progress, begin);
      return {
        ...others,
        ...(identity !== undefined && { identity }),
        ...(requesterIdentifiers !== undefined && { requesterIdentifiers }),
        ...(progress !== undefined && { progress }),
      };
    });
    if (updated?.account !== account) throw noSuchOperator(name);
    return operatorResponse(updated);
  },
});
