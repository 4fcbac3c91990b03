import { ADMIN_PROTOCOL } from '@esim-rsp/sgp22/functions/header';
import { Type } from '@sinclair/typebox';
import type { AccountStore } from '../../store/ports/accounts.ts';
import { operation, type Services } from '../frame/operation.ts';

const StatusResponse = Type.Object(
  {
    name: Type.String({ description: 'The name of the program' }),
    version: Type.String({ description: 'Its version' }),
    status: Type.Literal('ok', { description: 'The server works' }),
    smdp_address: Type.String({ description: 'The SM-DP+ address in activation codes' }),
    sgp22_version: Type.String({
      description: 'The SGP.22 version that the SM-DP+ announces, such as 2.5.0',
    }),
  },
  {
    $id: 'StatusResponse',
    description: 'The server',
    examples: [
      {
        name: 'esim-rsp',
        version: '0.1.0',
        status: 'ok',
        smdp_address: 'rsp.example.com',
        sgp22_version: '2.5.0',
      },
    ],
  },
);

export const getStatus = operation({
  operationId: 'getStatus',
  method: 'GET',
  url: '/api/v1/status',
  summary: 'Get the name and version of the server',
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
  summary: 'Check that the process answers and can read its store',
  open: true,
  answers: {
    200: {
      description: 'It can',
      schema: Type.Object(
        { status: Type.Literal('ok', { description: 'The server works' }) },
        { $id: 'HealthResponse', description: 'The health of the server' },
      ),
    },
  },
  respond: async ({ store }: Services<AccountStore>) => {
    await store.accounts();
    return { status: 'ok' };
  },
});
