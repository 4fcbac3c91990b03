import type { RequestListener } from 'node:http';
import { type Es2Name, es2plus, es2plusToOperator } from '@esim-rsp/sgp22/functions/es2plus';
import { failedHeader } from '@esim-rsp/sgp22/functions/header';
import { clientAddressOf } from '../../limits/client-address.ts';
import { type Networks, noNetworks } from '../../limits/networks.ts';
import { type RspListenerOptions, rspListener } from '../listener.ts';
import { answerEs2, type Es2Service } from './answer.ts';
import { clientCertificateOf } from './client-certificate.ts';
import { answerProgress, type ProgressService } from './progress.ts';

const PROGRESS = 'handleDownloadProgressInfo';

type Es2Binding = {
  readonly name: Es2Name | typeof PROGRESS;
  readonly contentType: 'application/json';
};

const bindings: ReadonlyMap<string, Es2Binding> = new Map(
  (Object.keys(es2plus) as Es2Name[]).map((name) => [es2plus[name].path, bindingOf(name)] as const),
);

function bindingOf(name: Es2Binding['name']): Es2Binding {
  return { name, contentType: 'application/json' };
}

export type Es2ListenerOptions = RspListenerOptions & {
  /** Proxies that terminate TLS and send the client certificate. */
  readonly certificateProxies?: Networks | undefined;
  /** What accepts the reports of upstreams; absent: there is no such function. */
  readonly progress?: ProgressService;
};

/** ES2+ over HTTP: JSON only, a path for each function. Operators call us, and upstreams report to us. */
export function es2Listener(
  service: Es2Service,
  { certificateProxies, progress, ...options }: Es2ListenerOptions,
): RequestListener {
  const progressPath = progress && es2plusToOperator[PROGRESS].path;
  return rspListener(
    {
      name: 'ES2+',
      findBinding: (path) => bindings.get(path) ?? (path === progressPath ? bindingOf(PROGRESS) : undefined),
      refusal: (_binding, status) => JSON.stringify({ header: failedHeader(status) }),
      answer: ({ name }, call, request) => {
        const client = clientCertificateOf(request, certificateProxies);
        if (name !== PROGRESS) {
          const address = clientAddressOf(request, certificateProxies ?? noNetworks);
          return answerEs2(service, name, call, client, address);
        }
        if (progress === undefined) throw new Error('no service accepts reports');
        return answerProgress(progress, call, client);
      },
    },
    options,
  );
}
