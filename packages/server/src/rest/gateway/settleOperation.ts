import { settleOperation as settle, settlements } from '@esim-rsp/smdp/gateway/settleOperation';
import { run } from '@esim-rsp/smdp/run';
import { Type } from '@sinclair/typebox';
import { Iccid } from '../../shapes/iccid.ts';
import { closed, inWords, literals } from '../../shapes/shape.ts';
import { UNSEEN } from '../../shapes/unseen.ts';
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

const SettleOperationRequest = Type.Object(
  {
    outcome: literals(settlements, 'Whether the upstream has done the present call'),
    iccid: Type.Optional({
      ...Iccid,
      description: 'Of an order of a type: the ICCID of the Profile that the upstream shows for the order',
    }),
    matching_id: Type.Optional(
      Type.String({
        pattern: `^[^$${UNSEEN}]*$`,
        ...inWords('visible characters without $'),
        maxLength: 255,
        description:
          'Of confirmOrder: the MatchingID that the upstream shows for the order, byte for byte; without it, the one that was requested',
      }),
    ),
    smdp_address: Type.Optional(
      Type.String({
        pattern: '^[\\w.:[\\]-]+$',
        ...inWords('a host name, with a port or without'),
        maxLength: 255,
        description: 'Of confirmOrder: the SM-DP+ address of the order; without it, that of the upstream',
      }),
    ),
  },
  {
    ...closed,
    $id: 'SettleOperationRequest',
    description: 'What the upstream says about a call whose outcome is not known',
    examples: [{ outcome: 'not_done' }],
  },
);

export const settleOperation = operation({
  operationId: 'settleOperation',
  method: 'POST',
  url: `${OPERATIONS}/:operation/settle`,
  summary: 'Settle an operation whose outcome is not known, after somebody has asked the upstream',
  params: OperationParams,
  body: SettleOperationRequest,
  permissions: ['admin'],
  answers: {
    200: { description: 'The operation: it has ended, or its next call follows', schema: UpstreamOperation },
    400: { description: 'A member is not valid' },
    404: { description: 'There is no such operation', code: 'operation_not_found' },
    409: {
      description:
        'The operation has ended, or a call is in progress, or the MatchingID or the ICCID is missing, or there is a profile with this ICCID',
      code: 'invalid_transition',
    },
    413: { description: 'The body is too large' },
    415: { description: 'The body is not JSON' },
    503: { description: 'Too many calls change this operation at the same time' },
  },
  targets: ({ body: { outcome } }, { iccid, upstream }) => [iccid, upstream, outcome],
  respond: async (
    services: Services<GatewayStore & Pick<OperationStore, 'operation'>>,
    { env, account, params, body: { outcome, iccid, matching_id: matchingId, smdp_address } },
  ) => {
    const { store } = services;
    const { id, upstream } = await ownedOperation(services, account, params.operation);
    const smdpAddress = smdp_address ?? (await store.upstream(account, upstream))?.smdpAddress;
    const answer = {
      ...(iccid !== undefined && { iccid }),
      ...(matchingId !== undefined && { matchingId }),
      ...(smdpAddress !== undefined && { smdpAddress }),
    };
    await run(settle, { id, outcome, answer }, store, env);
    services.operationAccepted?.();
    return operationResponse(await ownedOperation(services, account, id));
  },
  answerAgain: async (services, { account, params }) =>
    operationResponse(await ownedOperation(services, account, params.operation)),
});
