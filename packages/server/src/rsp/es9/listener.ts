import type { RequestListener } from 'node:http';
import { clientAddressOf } from '../../limits/client-address.ts';
import { type Networks, noNetworks } from '../../limits/networks.ts';
import { type RspListenerOptions, rspListener } from '../listener.ts';
import { answerEs9, type Es9Service } from './answer.ts';
import { findBinding } from './bindings.ts';

/** ES9+ over HTTP. `proxies`: those that may say in X-Forwarded-For where a request comes from. */
export function es9Listener(
  service: Es9Service,
  { proxies = noNetworks, ...options }: RspListenerOptions & { readonly proxies?: Networks },
): RequestListener {
  return rspListener(
    {
      name: 'ES9+',
      findBinding,
      refusal: (binding, status) => binding.refusal(binding.name, status),
      answer: (binding, call, request) =>
        answerEs9(service, { binding, ...call, address: clientAddressOf(request, proxies) }),
    },
    options,
  );
}
