import { toHex } from '@esim-rsp/codec';
import { replaceHarmful } from '@esim-rsp/sgp22/value/text';
import type { Upstream } from '../../store/ports/gateway/upstreams.ts';
import { describeFailure, type WholeResponse } from '../outbound/post.ts';
import { callUpstream, type Es2Network, harmlessCall } from './es2-call.ts';
import { type Handshake, shakeHands } from './handshake.ts';
import { type CertificateSummary, clientFault, dateFault, readCertificates, summaryOf } from './identity.ts';
import { chainText, describeTlsFailure } from './tls-text.ts';

/** In the order in which they are made. */
export const upstreamChecks = [
  'client_certificate',
  'connection',
  'server_certificate',
  'server_name',
  'server_chain',
  'es2plus',
] as const;
export type UpstreamCheck = (typeof upstreamChecks)[number];

export type Finding = { readonly check: UpstreamCheck; readonly ok: boolean; readonly message: string };

export type UpstreamReport = {
  readonly findings: readonly Finding[];
  readonly client: CertificateSummary;
  readonly server?: CertificateSummary;
  readonly tlsVersion?: string;
};

type TestOptions = Es2Network & {
  /** Unix milliseconds. */
  readonly now: number;
  readonly random: (length: number) => Uint8Array;
  readonly signal: AbortSignal;
};

const LONGEST_MS = 10_000;

/**
 * Tries the connection to an upstream: the certificates of both sides, the TLS handshake, and a call of ES2+ that changes nothing. That call is
 * made only if the server is the one that it should be.
 */
export async function testUpstream(upstream: Upstream, options: TestOptions): Promise<UpstreamReport> {
  const { now } = options;
  const [own] = readCertificates(upstream.client.certificate, 'client_certificate');
  if (own === undefined) throw new Error('an upstream has no client certificate');
  const client = summaryOf(own, now);
  const fault = clientFault(own, upstream.client.key)?.message ?? dateFault(client, now);
  const ours = finding(
    'client_certificate',
    fault && `the client certificate ${fault}: PATCH the upstream with a new one`,
    daysText(client),
  );
  const timeoutMs = Math.min(LONGEST_MS, upstream.dialect.timeoutSeconds * 1000);
  let handshake: Handshake;
  try {
    handshake = await shakeHands(upstream, options, timeoutMs);
  } catch (error) {
    const failed = finding('connection', explain(error));
    return { findings: [ours, failed], client };
  }
  const server = summaryOf(handshake.certificate, now);
  const findings = [
    ours,
    finding('connection', undefined, `TLS is established (${handshake.protocol})`),
    ...judgeServer(upstream, handshake, server, now),
  ];
  const isRight = findings.slice(1).every(({ ok }) => ok);
  return {
    findings: [...findings, ...(isRight ? [await tryCall(upstream, options, timeoutMs)] : [])],
    client,
    server,
    tlsVersion: handshake.protocol,
  };
}

/** What to do about a connection that failed. */
const hints: Readonly<Record<string, string>> = {
  ECONNREFUSED:
    'nothing listens at this host and port, or a firewall refuses it; is the port of the URL the right one?',
  ECONNRESET: 'the server may refuse the client certificate',
  ENOTFOUND: 'correct the host of the URL; this server looks it up with ESIM_DNS_SERVERS',
  EAI_AGAIN: 'does this machine reach its DNS servers?',
  ETIMEDOUT: 'is the host the right one, and may this machine reach it through its firewall?',
  EHOSTUNREACH: 'no network of this machine leads to the host',
  ENETUNREACH: 'no network of this machine leads to the host',
};

function explain(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  const hint = hints[code];
  return describeTlsFailure(error) ?? `${describeFailure(error)}${hint === undefined ? '' : `: ${hint}`}`;
}

/** Of a check: what is wrong, or what is right. */
function finding(check: UpstreamCheck, fault: string | undefined, well = ''): Finding {
  return fault === undefined ? { check, ok: true, message: well } : { check, ok: false, message: fault };
}

function daysText({ daysLeft }: CertificateSummary): string {
  return `it is valid for ${daysLeft} more days`;
}

const RENEW = 'the vendor has to renew it';
const CLOCK = 'is the clock of this machine right?';

function judgeServer(
  { ca }: Upstream,
  handshake: Handshake,
  server: CertificateSummary,
  now: number,
): Finding[] {
  const dates = dateFault(server, now);
  const { nameFault, chainFault } = handshake;
  return [
    finding(
      'server_certificate',
      dates && `the certificate of the server ${dates}: ${now < server.notBefore ? CLOCK : RENEW}`,
      daysText(server),
    ),
    finding(
      'server_name',
      nameFault &&
        `the certificate of the server is for other names: ${replaceHarmful(nameFault).slice(0, 300)}; use one of them in the URL, or ask the vendor`,
      'the host name is in the certificate of the server',
    ),
    finding(
      'server_chain',
      chainFault && chainText(chainFault, ca !== undefined),
      'the certificate of the server is issued under a CA that you trust',
    ),
  ];
}

async function tryCall(upstream: Upstream, options: TestOptions, timeoutMs: number): Promise<Finding> {
  const message = harmlessCall(`test-${toHex(options.random(16))}`);
  try {
    const response = await callUpstream(upstream, message, options, { signal: options.signal, timeoutMs });
    return finding(
      'es2plus',
      answerFault(response),
      'ES2+ answers, and knows the certificate and the requester',
    );
  } catch (error) {
    options.signal.throwIfAborted();
    return finding('es2plus', explain(error));
  }
}

type Status = {
  readonly status?: unknown;
  readonly statusCodeData?: {
    readonly subjectCode?: unknown;
    readonly reasonCode?: unknown;
    readonly message?: unknown;
  };
};

/** What is wrong with the answer to a call about an ICCID that no profile has; undefined: nothing. */
function answerFault({ status, body, isWhole }: WholeResponse): string | undefined {
  if (status === 401 || status === 403)
    return `the server does not accept the client certificate (HTTP ${status}): give the vendor this certificate, or the one of its CA`;
  if (status === 404 || status === 405)
    return `there is no ES2+ at this address (HTTP ${status}): is there a prefix in the path of the URL?`;
  if (status >= 300) return `the server answered HTTP ${status}`;
  const result = isWhole ? statusIn(body) : undefined;
  if (typeof result?.status !== 'string') return 'the answer is not one of ES2+: is the URL the right one?';
  const { subjectCode, reasonCode, message } = result.statusCodeData ?? {};
  const codes = [subjectCode, reasonCode].map((code) => replaceHarmful(String(code)).slice(0, 16)).join('/');
  const said = typeof message === 'string' ? ` "${replaceHarmful(message).slice(0, 200)}"` : '';
  if (subjectCode === '1.1' || subjectCode === '1')
    return `the server refuses the caller (${codes}${said}): is the requester identifier the one that the vendor has assigned?`;
  if (subjectCode === '1.3.2')
    return `the server refuses the value of X-Admin-Protocol (${codes}${said}): set admin_protocol`;
  return undefined;
}

function statusIn(body: Buffer): Status | undefined {
  try {
    const answer = JSON.parse(body.toString('utf8'));
    return answer?.header?.functionExecutionStatus;
  } catch {
    return undefined;
  }
}
