import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import type { ServerProcess } from '../server.ts';

/** What goes wrong with one call. Of `lost`, `cut`, `garbage`, `error` and `hang` the vendor has done the work. */
export const faults = [
  'lost',
  'cut',
  'garbage',
  'error',
  'hang',
  'reset',
  'busy',
  'forbidden',
  'slow',
] as const;
export type Fault = (typeof faults)[number];

export type ProxiedCall = {
  /** The name of the function of ES2+. */
  readonly name: string;
  readonly body: {
    readonly header: { readonly functionCallIdentifier: string };
    readonly iccid?: string;
    readonly [member: string]: unknown;
  };
};

/** What the vendor does in another way than our own server. */
export type ProxyDialect = {
  /** A repeated functionCallIdentifier is a new call there. */
  readonly forgets?: boolean;
  /** The answer to getProfileStatus for these profiles. */
  readonly statusOf?: (iccids: readonly string[]) => Promise<object>;
  /** Changes an answer before it is sent. */
  readonly rewrite?: (answer: Readonly<Record<string, unknown>>, name: string) => object;
};

/** An ES2+ server between a gateway and its vendor. It calls the vendor with the gateway's certificate. */
export type FaultProxy = AsyncDisposable & {
  readonly url: string;
  /** PEM of the CA of its certificate. */
  readonly ca: string;
  readonly calls: ProxiedCall[];
  /** Values of X-Admin-Protocol that the gateway has sent. */
  readonly adminProtocols: Set<string>;
  /** Chooses what goes wrong with a call; undefined: nothing. */
  fault: (call: ProxiedCall) => Fault | undefined;
  /** What the gateway gets instead of the body of an answer. */
  answer: (call: ProxiedCall, body: string) => string;
  /** Shows the certificate of another CA from now on, or the right one again. */
  showOther(isOther: boolean): void;
};

type Vendor = {
  readonly url: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
};

const pki = () =>
  makeTestPki({
    random: systemRandom,
    now: Date.now(),
    generateKey: generateSigningKey,
    curve: 'P-256',
    hosts: ['localhost'],
  });

export async function startFaultProxy(vendor: Vendor, dialect: ProxyDialect = {}): Promise<FaultProxy> {
  const [own, other] = [pki(), pki()];
  const identityOf = ({ dpTls }: typeof own) => ({
    cert: certificatePem(dpTls.certificate),
    key: dpTls.key.exportPem(),
  });
  const server = createServer({ ...identityOf(own), requestCert: true, rejectUnauthorized: false });
  const hanging = new Set<() => void>();
  const proxy = {
    ca: certificatePem(own.ci.certificate),
    calls: [] as ProxiedCall[],
    adminProtocols: new Set<string>(),
    fault: (_call: ProxiedCall): Fault | undefined => undefined,
    answer: (_call: ProxiedCall, body: string) => body,
    showOther: (isOther: boolean) => {
      server.setSecureContext(identityOf(isOther ? other : own));
      server.closeIdleConnections(); // as after a restart
    },
  };
  server.on('request', async (incoming, outgoing) => {
    const text = Buffer.concat(await incoming.toArray()).toString();
    const call = { name: incoming.url?.split('/').at(-1) ?? '', body: JSON.parse(text) };
    proxy.calls.push(call);
    proxy.adminProtocols.add(String(incoming.headers['x-admin-protocol']));
    const fault = proxy.fault(call);
    if (fault === 'reset') return incoming.socket.destroy();
    if (fault === 'busy') return outgoing.writeHead(429, { 'retry-after': '1' }).end();
    if (fault === 'forbidden') return outgoing.writeHead(403).end();
    const found = await answerOf(vendor, dialect, incoming, call).catch(() => NO_VENDOR);
    const answer = { ...found, body: proxy.answer(call, found.body) };
    if (fault === 'lost') return incoming.socket.destroy();
    if (fault === 'hang') {
      hanging.add(() => outgoing.destroy());
      return;
    }
    if (fault === 'error') return outgoing.writeHead(502).end('<html>bad gateway');
    const body = fault === 'garbage' ? answer.body.replaceAll('"', '<') : answer.body;
    if (fault === 'cut') {
      outgoing.writeHead(200, { 'content-length': Buffer.byteLength(body) });
      outgoing.write(body.slice(0, 20), () => incoming.socket.destroy());
      return;
    }
    if (fault === 'slow') await new Promise((resolve) => setTimeout(resolve, 300));
    outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(body);
  });
  await once(server.listen(0, 'localhost'), 'listening');
  return Object.assign(proxy, {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      for (const end of hanging) end();
      server.closeAllConnections();
      server.close();
    },
  });
}

type Answer = { readonly status: number; readonly body: string };

/** What a load balancer answers whose server is gone, in the middle of a call or before it. */
const NO_VENDOR: Answer = { status: 502, body: '<html>bad gateway' };

async function answerOf(
  vendor: Vendor,
  { forgets, statusOf, rewrite = (answer) => answer }: ProxyDialect,
  incoming: IncomingMessage,
  { name, body }: ProxiedCall,
): Promise<Answer> {
  if (name === 'getProfileStatus' && statusOf !== undefined) {
    const iccids = (body.iccidList as { readonly iccid: string }[]).map(({ iccid }) => iccid);
    return { status: 200, body: JSON.stringify(await statusOf(iccids)) };
  }
  const { functionCallIdentifier: own } = body.header;
  if (forgets && confirmed.has(own)) return { status: 200, body: JSON.stringify(ALREADY_CONFIRMED) };
  const identifier = forgets ? { functionCallIdentifier: `new-${++identifiers}` } : {};
  const sent = { ...body, header: { ...body.header, ...identifier } };
  const answer = await forward(vendor, incoming, JSON.stringify(sent));
  if (name === 'confirmOrder' && answer.body.includes('"Executed-Success"')) confirmed.add(own);
  if (answer.status !== 200) return answer;
  return { ...answer, body: JSON.stringify(rewrite(JSON.parse(answer.body), name)) };
}

let identifiers = 0;
/** Calls of confirmOrder that were done: our own server answers a second one as the first, whatever its identifier is. */
const confirmed = new Set<string>();
const ALREADY_CONFIRMED = {
  header: {
    functionExecutionStatus: {
      status: 'Failed',
      statusCodeData: { subjectCode: '8.2.1', reasonCode: '3.3', message: 'it is confirmed already' },
    },
  },
};

async function forward(
  { url, ...tls }: Vendor,
  { url: path = '', headers }: IncomingMessage,
  body: string,
): Promise<Answer> {
  const sending = request(url + path, {
    method: 'POST',
    ...tls,
    headers: {
      'content-type': 'application/json',
      'x-admin-protocol': String(headers['x-admin-protocol']),
    },
    agent: false,
  });
  sending.end(body);
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: Buffer.concat(await response.toArray()).toString() };
}

/** How a vendor with getProfileStatus answers, which knows its profiles by its own REST API. */
export function statusCallOf({ api }: ServerProcess): Required<ProxyDialect>['statusOf'] {
  return async (iccids) => ({
    header: { functionExecutionStatus: { status: 'Executed-Success' } },
    profileStatusList: await Promise.all(
      iccids.map(async (iccid) => {
        const { data } = await api.getEUICCProfile(iccid.replace(/F$/i, ''));
        const { state, smdp_address: address, matching_id: matchingId, eid } = data;
        return {
          iccid,
          status_last_update_timestamp: '2026-03-01T10:00:00Z',
          acToken: matchingId === undefined ? null : `1$${address}$${matchingId}`,
          state: `${state.slice(0, 1)}${state.slice(1).toLowerCase()}`,
          eid: eid ?? null,
        };
      }),
    ),
  });
}
