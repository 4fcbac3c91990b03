import { operationStates } from '@esim-rsp/smdp/state/gateway/operation';
import { Type } from '@sinclair/typebox';
import { Iccid } from '../../shapes/iccid.ts';
import { about, closed, inWords, literals, named } from '../../shapes/shape.ts';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import { operation, type Services } from '../frame/operation.ts';
import { UpstreamName } from '../upstreams/upstream.ts';
import { OperationKind } from './pending-operation.ts';
import { OPERATIONS, operationResponse, UpstreamOperation } from './upstream-operation.ts';

const MOST = 1000;

const ListOperationsQuery = named(
  'ListOperationsQuery',
  Type.Object(
    {
      state: Type.Optional(literals(operationStates, 'Only those of this state')),
      iccid: Type.Optional({ ...Iccid, description: 'Only those of this Profile' }),
      cursor: Type.Optional(
        Type.String({
          pattern: '^(op_[0-9a-f]{32})?$',
          ...inWords('the next_cursor of a page'),
          description: 'next_cursor of the page before; empty: the first page',
        }),
      ),
      count: Type.Optional(
        Type.Integer({ minimum: 1, maximum: MOST, description: 'At most this many; without it, 100' }),
      ),
      operation: Type.Optional(about('Only those that request this', OperationKind)),
      upstream: Type.Optional({ ...UpstreamName, description: 'Only those at this upstream' }),
    },
    { ...closed, description: 'Which operations are listed' },
  ),
);

const ListOperationsResponse = Type.Object(
  {
    operations: Type.Array(UpstreamOperation, { description: 'The newest first' }),
    count: Type.Integer({ description: 'At most this many were requested' }),
    next_cursor: Type.Optional(Type.String({ description: 'The next page; absent: there is none' })),
  },
  { $id: 'ListOperationsResponse', description: 'A page of what was requested from upstreams' },
);

export const listOperations = operation({
  operationId: 'listOperations',
  method: 'GET',
  url: OPERATIONS,
  summary: 'List what was requested from upstreams: with state=unknown, what may have been done there',
  query: ListOperationsQuery,
  permissions: ['read'],
  answers: {
    200: { description: 'The operations', schema: ListOperationsResponse },
    400: { description: 'A parameter is not valid' },
  },
  respond: async ({ store }: Services<Pick<OperationStore, 'operations'>>, { account, query }) => {
    const { state, iccid, operation: kind, upstream, cursor = '', count = 100 } = query;
    const found = await store.operations({
      account,
      ...(state !== undefined && { state }),
      ...(iccid !== undefined && { iccid }),
      ...(kind !== undefined && { kind }),
      ...(upstream !== undefined && { upstream }),
      ...(cursor !== '' && { before: cursor }),
      count: count + 1,
    });
    const page = found.slice(0, count);
    const last = found.length > count ? page.at(-1) : undefined;
    return {
      operations: page.map(operationResponse),
      count,
      ...(last !== undefined && { next_cursor: last.id }),
    };
  },
});
