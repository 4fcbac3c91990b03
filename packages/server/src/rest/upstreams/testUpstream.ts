import { Type } from '@sinclair/typebox';
import { testUpstream as tryUpstream, upstreamChecks } from '../../delivery/upstream/test-upstream.ts';
import { about, literals, named } from '../../shapes/shape.ts';
import type { UpstreamStore } from '../../store/ports/gateway/upstreams.ts';
import { operation, type Services } from '../frame/operation.ts';
import { certificateResponse, UpstreamCertificate } from './certificate.ts';
import { ownedUpstream } from './owned-upstream.ts';
import { UpstreamParams } from './upstream.ts';

const UpstreamTestResult = Type.Object(
  {
    ok: Type.Boolean({ description: 'Whether every check has passed' }),
    checks: Type.Array(
      Type.Object({
        check: named('UpstreamCheck', literals(upstreamChecks, 'What was checked')),
        ok: Type.Boolean({ description: 'Whether it has passed' }),
        message: Type.String({ description: 'What is right, or what is wrong and what to do' }),
      }),
      {
        description:
          'The checks that were made, in their order. After one of the server that fails, no call is made',
      },
    ),
    client_certificate: about('The certificate of this side', UpstreamCertificate),
    server_certificate: Type.Optional(
      about('The certificate of the server, if it was reached', UpstreamCertificate),
    ),
    tls_version: Type.Optional(Type.String({ description: 'The version of TLS, if the server was reached' })),
  },
  {
    $id: 'UpstreamTestResult',
    description: 'What a test of the connection to an upstream has found',
  },
);

export const testUpstream = operation({
  operationId: 'testUpstream',
  method: 'POST',
  url: '/api/v1/esim/upstreams/:upstream/test',
  permissions: ['admin'],
  summary:
    'Try the connection to an upstream: the certificates of both sides, and a call that changes nothing',
  params: UpstreamParams,
  answers: {
    200: { description: 'What was found', schema: UpstreamTestResult },
    404: { description: 'There is no such upstream', code: 'upstream_not_found' },
  },
  respond: async (services: Services<UpstreamStore>, { env, account, params }) => {
    const { stopping: signal, upstreamNetwork } = services;
    const upstream = await ownedUpstream(services, account, params.upstream);
    const { now, random } = env;
    const { findings, client, server, tlsVersion } = await tryUpstream(upstream, {
      ...upstreamNetwork,
      now,
      random,
      signal,
    });
    return {
      ok: findings.every(({ ok }) => ok),
      checks: findings,
      client_certificate: certificateResponse(client),
      ...(server !== undefined && { server_certificate: certificateResponse(server) }),
      ...(tlsVersion !== undefined && { tls_version: tlsVersion }),
    };
  },
});
