import { BindingError } from '@esim-rsp/sgp22/functions/binding';
import { failedHeader } from '@esim-rsp/sgp22/functions/header';
import { refusals } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Env } from '@esim-rsp/smdp/env';
import { recordProgress } from '@esim-rsp/smdp/gateway/recordProgress';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import type { Buckets } from '../../limits/buckets.ts';
import type { Upstream } from '../../store/ports/gateway/upstreams.ts';
import type { InventoryStore } from '../../store/ports/inventory.ts';
import { parseJson, type RspAnswer, type RspCall } from '../answer.ts';
import type { ClientCertificate } from './client-certificate.ts';
import { type ProgressMessage, readProgress } from './progress-message.ts';
import type { FindUpstreams } from './upstream-callers.ts';

const refuse = refusals({
  tooManyReports: ['1.2', '4.4', 'too many reports of this upstream'],
});

/** What accepts the reports of upstreams. */
export type ProgressService = {
  readonly store: ProgressStore;
  readonly findUpstreams: FindUpstreams;
  /** Limits the reports of each upstream. */
  readonly limit: Pick<Buckets, 'take'>;
  readonly env: () => Env;
  readonly log: ProgressLog;
};

type ProgressStore = Store & Pick<InventoryStore, 'searchProfiles'>;

export type ProgressLog = {
  recorded(upstream: string): void;
  /** It is about no profile of this upstream here, or it came before. */
  ignored(upstream: string): void;
  rejected(reason: string): void;
  /** It has sent too many. */
  limited(upstream: Upstream): void;
  /** A bug, or a database that is away. The upstream sends it again. */
  failed(error: unknown): void;
};

/** Answers ES2+.HandleDownloadProgressInfo (5.3.5) of an upstream; never throws. The certificate says which upstream it is. */
export async function answerProgress(
  service: ProgressService,
  { body }: Pick<RspCall, 'body'>,
  client: ClientCertificate | undefined,
): Promise<RspAnswer> {
  const { findUpstreams, env, log } = service;
  try {
    const now = env();
    const upstreams = client === undefined ? [] : await findUpstreams(client, now.now);
    if (upstreams.length === 0) return reject(log, client === undefined ? 401 : 403, NOT_KNOWN);
    const { allowed, wait } = withinLimits(upstreams, now.now, service);
    if (allowed.length === 0) return refuseForNow(wait);
    const message = readProgress(parseJson(body));
    const isRecorded = await record(message, allowed, now, service);
    return wait > 0 && !isRecorded ? refuseForNow(wait) : { status: 204 };
  } catch (error) {
    if (error instanceof BindingError) return reject(log, 400, 'the body is not JSON');
    if (error instanceof ValueError) return reject(log, 400, describe(error));
    log.failed(error);
    return { status: 503, body: '' };
  }
}

/** Those of the upstreams that have not sent too many reports, and the seconds until all of them may send one. */
function withinLimits(upstreams: readonly Upstream[], now: number, { limit, log }: ProgressService) {
  const seconds = upstreams.map(({ account, name }) => limit.take(`${account} ${name}`, now));
  for (const [i, upstream] of upstreams.entries()) if (seconds[i] !== 0) log.limited(upstream);
  return { allowed: upstreams.filter((_, i) => seconds[i] === 0), wait: Math.max(...seconds) };
}

/** Resolves to whether the report is about a Profile of one of the upstreams: then it is about none of the others. */
async function record(
  message: ProgressMessage,
  upstreams: readonly Upstream[],
  now: Env,
  { store, log }: ProgressService,
): Promise<boolean> {
  let isRecorded = false;
  for (const upstream of upstreams) {
    const iccid = message.iccid ?? (await onlyProfileFor(message.eid, upstream, store));
    const result =
      iccid === undefined
        ? 'ignored'
        : await run(recordProgress, requestOf(upstream, { ...message, iccid }), store, now);
    log[result](upstream.name);
    isRecorded ||= result === 'recorded';
  }
  return isRecorded && message.iccid !== undefined;
}

/** The upstream sends it again: a report that is refused is not lost. */
function refuseForNow(retryAfter: number): RspAnswer {
  const refused = refuse.tooManyReports(`try again in ${retryAfter} seconds`).status;
  return { status: 503, body: JSON.stringify({ header: failedHeader(refused) }), refused, retryAfter };
}

const NOT_KNOWN =
  'the TLS client certificate is not the callback certificate of an upstream, nor issued under it, or is not valid now';

/** Profiles of one eUICC that are looked at. */
const MOST = 64;

/** The one Profile of the upstream that the eUICC has or may download; undefined: there is none, or more than one. */
async function onlyProfileFor(
  eid: ProgressMessage['eid'],
  { account, name }: Upstream,
  store: ProgressStore,
): Promise<Iccid | undefined> {
  if (eid === undefined) return undefined;
  const how = { order: 'iccid', descending: false, withoutCodes: true, count: MOST } as const;
  const { profiles, next } = await store.searchProfiles({ account, eid, ...how });
  const own = profiles.filter(
    ({ upstream, state }) => upstream === name && state !== 'DELETED' && state !== 'ERROR',
  );
  return next === undefined && own.length === 1 ? own[0]?.iccid : undefined;
}

function requestOf(
  { account, name, dialect }: Upstream,
  message: ProgressMessage & { readonly iccid: Iccid },
) {
  const meaning = dialect.points[message.point];
  return { account, upstream: name, ...message, ...(meaning !== undefined && { meaning }) };
}

function reject(log: ProgressLog, status: 400 | 401 | 403, message: string): RspAnswer {
  log.rejected(message);
  return { status, body: JSON.stringify({ statusCode: status, message }) };
}

function describe({ expected, field }: ValueError): string {
  return field === undefined ? expected : `${field} ${expected}`;
}
