import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { Type } from '@sinclair/typebox';
import { closed } from '../../shapes/shape.ts';
import type { EventStore } from '../../store/ports/events.ts';
import type { OperatorStore } from '../../store/ports/operators.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { OperatorParams } from './delivery.ts';
import { Operator, operatorResponse } from './operator.ts';
import { identityIn, operatorSettings, progressIn } from './settings.ts';

const CreateOperatorRequest = Type.Object(
  { name: OperatorParams.properties.operator, ...operatorSettings },
  {
    ...closed,
    $id: 'CreateOperatorRequest',
    description: 'An operator to create, with either certificate or ca',
  },
);

export const createOperator = operation({
  operationId: 'createOperator',
  method: 'POST',
  url: '/api/v1/esim/operators',
  summary: 'Create an operator, whose system may order over ES2+ for the account',
  permissions: ['admin', 'server'],
  body: CreateOperatorRequest,
  answers: {
    201: { description: 'The operator', schema: Operator },
    400: {
      description: 'A member is not valid, or neither certificate nor ca is there',
      code: 'invalid_value',
    },
    409: { description: 'An operator of the server has this name', code: 'operator_exists' },
  },
  targets: ({ body }) => [body.name],
  respond: async (
    { store }: Services<Pick<OperatorStore, 'addOperator'> & Pick<EventStore, 'lastEventId'>>,
    { env, account, body },
    reply,
  ) => {
    const { name, requester_identifiers: requesterIdentifiers = [name] } = body;
    const identity = identityIn(body, env.now);
    if (identity === undefined)
      throw new ValueError('or ca is needed: who the operator is', { field: 'certificate' });
    const progress = progressIn(body, undefined, {
      from: env.now,
      after: await store.lastEventId(),
    });
    const createdAt = Math.floor(env.now / 1000);
    const settings = { identity, requesterIdentifiers, ...(progress !== undefined && { progress }) };
    const operator = { name, account, createdAt, ...settings };
    if ((await store.addOperator(operator)) === 'exists')
      throw new HttpProblem(
        409,
        'operator_exists',
        `an operator of this server is called ${name} already: choose another name`,
      );
    reply.status(201).header('location', `/api/v1/esim/operators/${name}`);
    return operatorResponse(operator);
  },
});
