import { operation, type Services } from '../frame/operation.ts';
import { Session, sessionResponse } from './session.ts';

export const getSession = operation({
  operationId: 'getSession',
  method: 'GET',
  url: '/api/v1/esim/session',
  summary: 'Show who calls: by a session, or by a key',
  permissions: [],
  answers: { 200: { description: 'Who calls', schema: Session } },
  respond: async (services: Services<unknown>, call) => sessionResponse(services, call),
});
