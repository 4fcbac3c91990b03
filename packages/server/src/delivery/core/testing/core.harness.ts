import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CoreCredentials,
  type CoreKind,
  type CoreNetwork,
  type CoreSettings,
  makeCoreCredentials,
} from '../../../store/ports/gateway/core-networks.ts';
import { createLookUp } from '../../outbound/look-up.ts';
import type { CoreCall } from '../core-kind.ts';
import type { Subscription } from '../subscription.ts';

export const subscription: Subscription = {
  iccid: '8988201000000000017',
  imsi: '001010000000001',
  msisdn: '15550100',
  algorithm: 'milenage',
  k: '465b5ce8b199b49faa5f0a2ee238a6bc',
  opc: 'cd63cb71954a9f4e48a5994e37a02baf',
};

type Members = { readonly settings?: Partial<CoreSettings>; readonly credentials?: CoreCredentials };

/** A core network with settings that differ from the defaults. */
export function coreOf(
  kind: CoreKind,
  url: string,
  { settings, credentials = {} }: Members = {},
): CoreNetwork {
  const terms = {
    amf: '9001',
    sqn: 32,
    apn: 'iot',
    sst: 1,
    sd: '010203',
    ambrDownlinkMbps: 50,
    ambrUplinkMbps: 5,
  };
  return {
    ...{ account: 'lab', name: 'core', kind, url, after: 0, createdAt: 1 },
    settings: { when: 'released', remove: true, profileTypes: [], terms, ...settings },
    credentials: makeCoreCredentials(credentials),
  };
}

export function callTo(core: CoreNetwork, members: Partial<CoreCall> = {}): CoreCall {
  const { signal } = new AbortController();
  return { core, allowPrivate: true, lookUp: createLookUp([]), signal, messageId: 'core_7', ...members };
}

export type Received = {
  /** Such as `PUT /auc/`. */
  readonly call: string;
  readonly headers: IncomingHttpHeaders;
  /** undefined: there was none. */
  readonly body: unknown;
  readonly text: string;
};
export type Answered = { readonly status: number; readonly json?: unknown };

/** An HTTP server that answers as the test says; an answer that throws is a 599 that `thrown` has. */
export async function coreServer(answer: (request: Received) => Answered) {
  const received: Received[] = [];
  const thrown: unknown[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { method, url, headers } = request;
    const one = { call: `${method} ${url}`, headers, text, body: text === '' ? undefined : JSON.parse(text) };
    received.push(one);
    try {
      const { status, json } = answer(one);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(json === undefined ? '' : JSON.stringify(json));
    } catch (error) {
      thrown.push(error);
      response.writeHead(599).end();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    /** The calls since the last time. */
    calls: () => {
      assert.deepEqual(thrown, []);
      return received.splice(0).map(({ call }) => call);
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** No error says a key. */
export function mustBeSilent(error: unknown): true {
  const { k, opc } = subscription;
  assert.ok(!new RegExp(`${k}|${opc}`, 'i').test(String((error as Error).message)), String(error));
  return true;
}
