import { Type } from '@sinclair/typebox';
import { closed, orNull } from '../../shapes/shape.ts';
import type { UpstreamStore } from '../../store/ports/gateway/upstreams.ts';
import { operation, type Services } from '../frame/operation.ts';
import { noSuchUpstream, ownedUpstream } from './owned-upstream.ts';
import { changeSettings } from './settings.ts';
import { dialectMembers, settings, Upstream, UpstreamParams, upstreamResponse } from './upstream.ts';

const UpdateUpstreamRequest = Type.Object(
  {
    ...Type.Partial(Type.Object({ ...settings, ...dialectMembers })).properties,
    ca: Type.Optional(orNull(settings.ca)),
    callback_certificate: Type.Optional(orNull(settings.callback_certificate)),
  },
  {
    ...closed,
    $id: 'UpdateUpstreamRequest',
    description:
      'Changes of an upstream. Members that are absent stay as they are; "ca": null is the public CAs, "callback_certificate": null lets the vendor report nothing',
    examples: [{ timeout_seconds: 60 }],
  },
);

export const updateUpstream = operation({
  operationId: 'updateUpstream',
  method: 'PATCH',
  url: '/api/v1/esim/upstreams/:upstream',
  permissions: ['admin'],
  summary: 'Update an upstream, for example with a new client certificate and its key',
  params: UpstreamParams,
  body: UpdateUpstreamRequest,
  answers: {
    200: { description: 'The upstream', schema: Upstream },
    400: {
      description:
        'A member is not valid, the key is not that of the certificate, or the URL is in a private network',
      code: 'invalid_value',
    },
    404: { description: 'There is no such upstream', code: 'upstream_not_found' },
  },
  respond: async (services: Services<UpstreamStore>, { env, account, params, body }) => {
    const { allowPrivate } = services.upstreamNetwork;
    changeSettings(await ownedUpstream(services, account, params.upstream), body, allowPrivate);
    const upstream = await services.store.updateUpstream(account, params.upstream, (before) => ({
      ...before,
      ...changeSettings(before, body, allowPrivate),
    }));
    if (upstream === undefined) throw noSuchUpstream(params.upstream);
    return upstreamResponse(upstream, env.now);
  },
});
