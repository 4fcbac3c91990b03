import type { IncomingMessage, RequestListener } from 'node:http';
import { TLSSocket } from 'node:tls';
import { type Es2Name, es2plus } from '@esim-rsp/sgp22/functions/es2plus';
import { type RspListenerOptions, rspListener } from '../listener.ts';
import { answerEs2, type Es2Service } from './answer.ts';

type Es2Binding = { readonly name: Es2Name; readonly contentType: 'application/json' };

const bindings: ReadonlyMap<string, Es2Binding> = new Map(
  (Object.keys(es2plus) as Es2Name[]).map((name) => [
    es2plus[name].path,
    { name, contentType: 'application/json' },
  ]),
);

/** ES2+ over HTTP: JSON only, a path for each function. */
export function es2Listener(service: Es2Service, options: RspListenerOptions): RequestListener {
  return rspListener(
    {
      name: 'ES2+',
      findBinding: (path) => bindings.get(path),
      answer: ({ name }, call, request) => answerEs2(service, name, call, certificateOf(request)),
    },
    options,
  );
}

/** The client certificate of the TLS handshake. */
function certificateOf({ socket }: IncomingMessage) {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
}
