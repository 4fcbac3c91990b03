import { Type } from '@sinclair/typebox';
import { readClientIdentity } from '../../delivery/upstream/identity.ts';
import { closed } from '../../shapes/shape.ts';
import type { UpstreamStore } from '../../store/ports/gateway/upstreams.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { changeSettings, defaultDialect } from './settings.ts';
import { dialectMembers, settings, Upstream, UpstreamParams, upstreamResponse } from './upstream.ts';

const { ca, callback_certificate, ...required } = settings;
const CreateUpstreamRequest = Type.Object(
  {
    name: UpstreamParams.properties.upstream,
    ...required,
    ca: Type.Optional(ca),
    callback_certificate: Type.Optional(callback_certificate),
    ...Type.Partial(Type.Object(dialectMembers)).properties,
  },
  { ...closed, $id: 'CreateUpstreamRequest', description: 'An upstream to create' },
);

/** Upstreams of one account. */
export const MOST_UPSTREAMS = 20;

export const createUpstream = operation({
  operationId: 'createUpstream',
  method: 'POST',
  url: '/api/v1/esim/upstreams',
  permissions: ['admin'],
  summary: 'Create an upstream: another SM-DP+, at which profiles are ordered by ES2+',
  body: CreateUpstreamRequest,
  answers: {
    201: { description: 'The upstream, without its key', schema: Upstream },
    400: {
      description:
        'A member is not valid, the key is not that of the certificate, or the URL is in a private network',
      code: 'invalid_value',
    },
    409: { description: 'There is an upstream of this name, or there are too many', code: 'upstream_exists' },
  },
  targets: ({ body }) => [body.name],
  respond: async ({ store, upstreamNetwork }: Services<UpstreamStore>, { env, account, body }, reply) => {
    const { name, client_certificate: certificate, client_key: key, ...requested } = body;
    const before = {
      url: '',
      requesterIdentifier: '',
      smdpAddress: '',
      client: readClientIdentity(certificate, key),
      dialect: defaultDialect,
    };
    const changed = changeSettings(before, requested, upstreamNetwork.allowPrivate);
    const upstream = { ...changed, account, name, createdAt: env.now };
    const added = await store.addUpstream(upstream, MOST_UPSTREAMS);
    if (added === 'exists')
      throw new HttpProblem(
        409,
        'upstream_exists',
        `there is an upstream ${name} already: choose another name`,
      );
    if (added === 'full')
      throw new HttpProblem(
        409,
        'too_many_upstreams',
        `there are ${MOST_UPSTREAMS} upstreams already: delete one that you do not need any more`,
      );
    reply.status(201).header('location', `/api/v1/esim/upstreams/${name}`);
    return upstreamResponse(upstream, env.now);
  },
});
