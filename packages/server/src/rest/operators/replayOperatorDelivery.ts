import type { OperatorStore } from '../../store/ports/operators.ts';
import { type OutboxStore, repeatOf } from '../../store/ports/outbox.ts';
import { operation, type Services } from '../frame/operation.ts';
import { deliveryResponse } from '../webhooks/delivery.ts';
import { mustHaveEnded } from '../webhooks/must-have-ended.ts';
import { OperatorDelivery, OperatorDeliveryParams } from './delivery.ts';
import { deliveryTo, mustBeNotified, ownedOperator } from './owned-operator.ts';

export const replayOperatorDelivery = operation({
  operationId: 'replayOperatorDelivery',
  method: 'POST',
  url: '/api/v1/esim/operators/:operator/deliveries/:deliveryId/replay',
  permissions: ['admin'],
  summary: 'Send a download notification to an operator again, as the same call',
  params: OperatorDeliveryParams,
  answers: {
    202: { description: 'The new delivery, which the server attempts at once', schema: OperatorDelivery },
    404: { description: 'The account has no such operator or delivery', code: 'delivery_not_found' },
    409: {
      description: 'The delivery is still pending, or the operator gets no notifications',
      code: 'delivery_pending',
    },
  },
  respond: async (
    services: Services<Pick<OperatorStore, 'operator'> & OutboxStore>,
    { env, account, params },
    reply,
  ) => {
    const operator = await ownedOperator(services, account, params.operator);
    const known = await deliveryTo(services, operator, params.deliveryId);
    mustHaveEnded(known);
    mustBeNotified(operator);
    const delivery = await services.store.addDelivery(repeatOf(known, env.now));
    reply.status(202);
    return deliveryResponse(delivery);
  },
  ifLost: 'the delivery is the last one in the list of its deliveries',
});
