import type { RequestListener } from 'node:http';
import { bindingAt } from './es9-bindings.ts';
import { answerEs9, type Es9Service } from './es9plus.ts';
import { type RspListenerOptions, rspListener } from './rsp-listener.ts';

/** ES9+ over HTTP. */
export function es9Listener(service: Es9Service, options: RspListenerOptions): RequestListener {
  return rspListener(
    {
      name: 'ES9+',
      bindingAt,
      answer: (binding, { adminProtocol, body }) => answerEs9(service, { binding, adminProtocol, body }),
    },
    options,
  );
}
