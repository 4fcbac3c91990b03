import type { LookupFunction } from 'node:net';
import { es2plus } from '@esim-rsp/sgp22/functions/es2plus';
import type { Upstream } from '../../store/ports/gateway/upstreams.ts';
import { postAndRead, type WholeResponse } from '../outbound/post.ts';

/** Answers of ES2+ are short. */
const MAX_RESPONSE_BYTES = 65_536;

export type Es2Network = { readonly allowPrivate: boolean; readonly lookUp: LookupFunction };

export type Es2Message = {
  /** The path of the function, behind the prefix. */
  readonly path: string;
  readonly functionCallIdentifier: string;
  readonly members: Readonly<Record<string, unknown>>;
};

/** What a TLS client of this upstream uses. */
export function tlsOf({ client, ca }: Upstream) {
  return { cert: client.certificate, key: client.key, ...(ca !== undefined && { ca }) };
}

type CallOptions = {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Called when TLS is established, and the message is about to be sent. */
  readonly onSend?: () => void;
};

/** Sends one message of ES2+ to an upstream. Rejects if there is no answer. */
export function callUpstream(
  upstream: Upstream,
  { path, functionCallIdentifier, members }: Es2Message,
  { allowPrivate, lookUp }: Es2Network,
  { signal, timeoutMs, onSend }: CallOptions,
): Promise<WholeResponse> {
  const header = { functionRequesterIdentifier: upstream.requesterIdentifier, functionCallIdentifier };
  return postAndRead(
    {
      url: new URL(`${upstream.url}${path}`),
      headers: {
        'content-type': 'application/json',
        'x-admin-protocol': upstream.dialect.adminProtocol,
      },
      body: JSON.stringify({ header, ...members }),
      allowPrivate,
      lookUp,
      tls: tlsOf(upstream),
      keepsConnection: upstream.dialect.repeatsAnswers,
      timeoutMs,
      signal,
      ...(onSend && { onSend }),
    },
    MAX_RESPONSE_BYTES,
  );
}

/** An ICCID that no profile has, because all begin with 89. */
const NOBODYS_ICCID = '0000000000000000000';

/** A call that changes nothing, and that every SM-DP+ answers. */
export function harmlessCall(functionCallIdentifier: string): Es2Message {
  return { path: es2plus.releaseProfile.path, functionCallIdentifier, members: { iccid: NOBODYS_ICCID } };
}
