import { Type } from '@sinclair/typebox';
import type { UpstreamStore } from '../../store/ports/gateway/upstreams.ts';
import { operation, type Services } from '../frame/operation.ts';
import { ownedUpstream } from './owned-upstream.ts';
import { Upstream, UpstreamParams, upstreamResponse } from './upstream.ts';

const ListUpstreamsResponse = Type.Object(
  {
    total: Type.Integer({ description: 'How many upstreams there are' }),
    upstreams: Type.Array(Upstream, { description: 'The upstreams, by name' }),
  },
  { $id: 'ListUpstreamsResponse', description: 'The upstreams of the account' },
);

export const listUpstreams = operation({
  operationId: 'listUpstreams',
  method: 'GET',
  url: '/api/v1/esim/upstreams',
  permissions: ['admin'],
  summary: 'List the upstreams of the account',
  answers: { 200: { description: 'The upstreams, by name', schema: ListUpstreamsResponse } },
  respond: async ({ store }: Services<UpstreamStore>, { env, account }) => {
    const upstreams = (await store.upstreams(account)).map((one) => upstreamResponse(one, env.now));
    return { total: upstreams.length, upstreams };
  },
});

export const getUpstream = operation({
  operationId: 'getUpstream',
  method: 'GET',
  url: '/api/v1/esim/upstreams/:upstream',
  permissions: ['admin'],
  summary: 'Get one upstream, without its key',
  params: UpstreamParams,
  answers: {
    200: { description: 'The upstream', schema: Upstream },
    404: { description: 'There is no such upstream', code: 'upstream_not_found' },
  },
  respond: async (services: Services<UpstreamStore>, { env, account, params }) =>
    upstreamResponse(await ownedUpstream(services, account, params.upstream), env.now),
});
