import { ADMIN_PROTOCOL } from '@esim-rsp/sgp22/functions/header';
import { Type } from '@sinclair/typebox';
import type { AccountStore } from '../../store/ports/accounts.ts';
import { operation, type Services } from '../frame/operation.ts';
import { StatusResponse } from '../profiles/schemas.ts';

export const getStatus = operation({
  operationId: 'getStatus',
  method: 'GET',
  url: '/api/v1/status',
  summary: 'What runs here',
  open: true,
  answers: { 200: { description: 'The server', schema: StatusResponse } },
  respond: ({ version }, { env }) => ({
    name: 'esim-rsp',
    version,
    status: 'ok',
    smdp_address: env.smdpAddress,
    sgp22_version: ADMIN_PROTOCOL.replace('gsma/rsp/v', ''),
  }),
});

export const getHealth = operation({
  operationId: 'getHealth',
  method: 'GET',
  url: '/healthz',
  summary: 'Whether the process answers and its store can be read',
  open: true,
  answers: {
    200: {
      description: 'It does',
      schema: Type.Object({ status: Type.Literal('ok') }, { $id: 'HealthResponse' }),
    },
  },
  respond: async ({ store }: Services<AccountStore>) => {
    await store.accounts();
    return { status: 'ok' };
  },
});
