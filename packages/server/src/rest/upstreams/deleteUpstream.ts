import type { UpstreamStore } from '../../store/ports/gateway/upstreams.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { noSuchUpstream } from './owned-upstream.ts';
import { UpstreamParams } from './upstream.ts';

export const deleteUpstream = operation({
  operationId: 'deleteUpstream',
  method: 'DELETE',
  url: '/api/v1/esim/upstreams/:upstream',
  permissions: ['admin'],
  summary: 'Delete an upstream, its key, and what says which types come from it',
  params: UpstreamParams,
  answers: {
    204: { description: 'The upstream is deleted' },
    404: { description: 'There is no such upstream', code: 'upstream_not_found' },
    409: {
      description: 'Operations at this upstream have not ended: wait for their end, or settle them',
      code: 'upstream_in_use',
    },
  },
  respond: async ({ store }: Services<UpstreamStore>, { account, params: { upstream } }, reply) => {
    const outcome = await store.deleteUpstream(account, upstream);
    if (outcome === 'unknown') throw noSuchUpstream(upstream);
    if (outcome === 'inUse')
      throw new HttpProblem(
        409,
        'upstream_in_use',
        'operations at this upstream have not ended: wait for their end, or settle them (GET /operations lists them)',
      );
    reply.status(204);
  },
});
