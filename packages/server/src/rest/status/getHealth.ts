import { Type } from '@sinclair/typebox';
import { operation } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';

export const getHealth = operation({
  operationId: 'getHealth',
  method: 'GET',
  url: '/healthz',
  summary: 'Check that the process answers',
  open: true,
  permissions: [],
  answers: {
    200: {
      description: 'It does. Whether it can serve is at /readyz',
      schema: Type.Object(
        { status: Type.Literal('ok', { description: 'The process answers' }) },
        { $id: 'HealthResponse', description: 'The health of the process' },
      ),
    },
  },
  respond: () => ({ status: 'ok' }),
});

export const getReadiness = operation({
  operationId: 'getReadiness',
  method: 'GET',
  url: '/readyz',
  summary:
    'Check that the server can serve: it can write, its schema is the newest, its certificates are valid',
  open: true,
  permissions: [],
  answers: {
    200: {
      description: 'It can',
      schema: Type.Object(
        { status: Type.Literal('ready', { description: 'The server can serve' }) },
        { $id: 'ReadinessResponse', description: 'The server can serve' },
      ),
    },
    503: { description: 'It cannot, for these reasons', code: 'not_ready' },
  },
  respond: async ({ readiness }) => {
    const reasons = (await readiness?.()) ?? [];
    if (reasons.length > 0) throw new HttpProblem(503, 'not_ready', reasons.join('; '));
    return { status: 'ready' };
  },
});
