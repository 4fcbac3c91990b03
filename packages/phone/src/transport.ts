import { Agent, type RequestOptions, request } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { ConnectionFailure, type Es9Channel, type HttpAnswer } from '@esim-rsp/euicc';
import { ADMIN_PROTOCOL } from '@esim-rsp/sgp22/functions/header';
import { hostOf } from '@esim-rsp/sgp22/pki/host';
import { verifyTlsChain } from '@esim-rsp/sgp22/pki/server-chain';
import type { TrustedCi } from '@esim-rsp/sgp22/pki/trust';

const ANSWER_BYTES = 4_000_000;
const SECONDS = 60;

export type TransportOptions = {
  /** The CIs of the card. */
  readonly trust: readonly TrustedCi[];
  /** `host:port` to connect to instead of the address, whose name the certificate must still have: for labs without DNS. */
  readonly connectTo?: string | undefined;
};

/** An HTTP POST. */
export type Outgoing = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly octets: Uint8Array;
};

/** Its answer. */
export type Incoming = { readonly status: number; readonly octets: Buffer };

/** Sends any POST to a server that proves itself under a CI. Rejects with a ConnectionFailure. */
export type HttpsTransport = { readonly send: (message: Outgoing) => Promise<Incoming> };

/** ES9+ over TLS 1.2 or later (SGP.22 2.6.6, 6.1): the server must present a certificate under a CI of the card. */
export function es9Transport(options: TransportOptions): Es9Channel & HttpsTransport & Disposable {
  const agent = new CiAgent(options);
  return {
    post: (address, path, body) => postJson(agent, new URL(path, `https://${address}`), JSON.stringify(body)),
    send: (message) => send(agent, message),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

type Connected = (error: Error | null, socket: Duplex) => void;

/**
 * Connects only to servers that prove themselves under a CI; the CAs of the operating system are not used. An error before TLS is established has the
 * phase `connect`: nothing of the request was sent, so that it can be sent again.
 */
class CiAgent extends Agent {
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    super({ keepAlive: true });
    this.#options = options;
  }

  override createConnection(
    { host, port }: RequestOptions,
    connected: Connected = () => undefined,
  ): undefined {
    const servername = /^[\d.]+$|:/.test(host ?? '') ? '' : (host ?? '');
    const target = new URL(`https://${this.#options.connectTo ?? `${host}:${port}`}`);
    const socket = connect({
      host: target.hostname,
      port: Number(target.port || 443),
      servername,
      minVersion: 'TLSv1.2',
      ...groupsFor(this.#options.trust),
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: false, // checked below, to the CI
    });
    socket.setTimeout(SECONDS * 1000, () => socket.destroy(new Error(`no answer within ${SECONDS} seconds`)));
    socket.once('error', (error) => connected(Object.assign(error, { phase: 'connect' }), socket));
    socket.once('secureConnect', () => {
      const failure = this.#verify(socket, host ?? '');
      if (failure === undefined) return connected(null, socket);
      socket.destroy();
      connected(failure, socket);
    });
  }

  /** Why the server cannot be trusted; undefined if it can. */
  #verify(socket: TLSSocket, host: string): ConnectionFailure | undefined {
    const certificate = socket.getPeerX509Certificate()?.raw; // Node crashes in getPeerCertificate for a Brainpool key
    if (certificate === undefined)
      return new ConnectionFailure('untrusted', `${host} presents no certificate`);
    const verified = verifyTlsChain({ certificate, trust: this.#options.trust, now: Date.now(), host });
    if (verified.ok) return undefined;
    return new ConnectionFailure(
      'untrusted',
      `the TLS certificate of ${host} is refused: ${verified.detail}`,
    );
  }
}

/** A card that has Brainpool CIs only offers no other curve, so that a server with both kinds presents the right certificate. */
function groupsFor(trust: readonly TrustedCi[]): { readonly ecdhCurve?: string } {
  const isBrainpool =
    trust.length > 0 && trust.every(({ publicKey }) => publicKey.curve === 'brainpoolP256r1');
  return isBrainpool ? { ecdhCurve: 'brainpoolP256r1:brainpoolP256r1tls13' } : {};
}

async function postJson(agent: Agent, url: URL, text: string): Promise<HttpAnswer> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'gsma-rsp-lpad',
    'x-admin-protocol': ADMIN_PROTOCOL,
  };
  const { status, octets } = await send(agent, { url, headers, octets: Buffer.from(text) });
  return { status, body: jsonIn(octets.toString()) };
}

function send(agent: Agent, { url, headers, octets }: Outgoing): Promise<Incoming> {
  const options: RequestOptions = {
    agent,
    method: 'POST',
    headers: { ...headers, 'content-length': octets.length },
  };
  return new Promise((resolve, reject) => {
    const call = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > ANSWER_BYTES) call.destroy(new Error('the answer is too long'));
        else chunks.push(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, octets: Buffer.concat(chunks) }));
      response.on('error', (error) => reject(unreachable(url.host, error)));
    });
    call.on('error', (error) =>
      reject(error instanceof ConnectionFailure ? error : unreachable(url.host, error)),
    );
    call.end(octets);
  });
}

function unreachable(address: string, error: NodeJS.ErrnoException): ConnectionFailure {
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: `nothing listens at ${address}`,
    ENOTFOUND: `the host name ${hostOf(address)} is not known`,
    EAI_AGAIN: `the host name ${hostOf(address)} could not be looked up`,
    ECONNRESET: `${address} closed the connection`,
  };
  const message = words[error.code ?? ''] ?? `${address} cannot be reached: ${error.message || error.code}`;
  return new ConnectionFailure('unreachable', message, { cause: error });
}

/** undefined if the text is not JSON: the HTTP status says more then. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
