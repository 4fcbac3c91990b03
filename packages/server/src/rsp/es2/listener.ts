import type { RequestListener } from 'node:http';
import { type Es2Name, es2plus } from '@esim-rsp/sgp22/functions/es2plus';
import { failedHeader } from '@esim-rsp/sgp22/functions/header';
import { clientAddressOf } from '../../limits/client-address.ts';
import { type Networks, noNetworks } from '../../limits/networks.ts';
import { type RspListenerOptions, rspListener } from '../listener.ts';
import { answerEs2, type Es2Service } from './answer.ts';
import { clientCertificateOf } from './client-certificate.ts';

type Es2Binding = { readonly name: Es2Name; readonly contentType: 'application/json' };

const bindings: ReadonlyMap<string, Es2Binding> = new Map(
  (Object.keys(es2plus) as Es2Name[]).map((name) => [
    es2plus[name].path,
    { name, contentType: 'application/json' },
  ]),
);

export type Es2ListenerOptions = RspListenerOptions & {
  /** Proxies that terminate TLS and send the client certificate. */
  readonly certificateProxies?: Networks | undefined;
};

/** ES2+ over HTTP: JSON only, a path for each function. */
export function es2Listener(
  service: Es2Service,
  { certificateProxies, ...options }: Es2ListenerOptions,
): RequestListener {
  return rspListener(
    {
      name: 'ES2+',
      findBinding: (path) => bindings.get(path),
      refusal: (_binding, status) => JSON.stringify({ header: failedHeader(status) }),
      answer: ({ name }, call, request) =>
        answerEs2(
          service,
          name,
          call,
          clientCertificateOf(request, certificateProxies),
          clientAddressOf(request, certificateProxies ?? noNetworks),
        ),
    },
    options,
  );
}
