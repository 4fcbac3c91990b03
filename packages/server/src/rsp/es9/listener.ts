import type { RequestListener } from 'node:http';
import { addressOf } from '../../limits/address.ts';
import { type RspListenerOptions, rspListener } from '../listener.ts';
import { answerEs9, type Es9Service } from './answer.ts';
import { findBinding } from './bindings.ts';

/** ES9+ over HTTP. */
export function es9Listener(
  service: Es9Service,
  { trustProxy = false, ...options }: RspListenerOptions & { readonly trustProxy?: boolean },
): RequestListener {
  return rspListener(
    {
      name: 'ES9+',
      findBinding,
      answer: (binding, call, request) =>
        answerEs9(service, { binding, ...call, address: addressOf(request, trustProxy) }),
    },
    options,
  );
}
