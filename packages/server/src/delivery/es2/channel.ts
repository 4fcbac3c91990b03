import type { LookupFunction } from 'node:net';
import { writeMessage } from '@esim-rsp/sgp22/functions/binding';
import { es2plusToOperator } from '@esim-rsp/sgp22/functions/es2plus';
import { ADMIN_PROTOCOL } from '@esim-rsp/sgp22/functions/header';
import { downloadProgressInfo, notificationPointIdOf } from '@esim-rsp/smdp/es2/downloadProgressInfo';
import type { StoredEvent } from '../../store/ports/events.ts';
import type { Operator, OperatorProgress, OperatorStore } from '../../store/ports/operators.ts';
import type { ProfileStore } from '../../store/ports/profiles.ts';
import { type Attempt, type Channel, isSince, type Outcome, type Subscriber } from '../channel.ts';
import { describeFailure, type Post, post } from '../outbound/post.ts';

/** The records that it reads. */
type ProgressStore = OperatorStore & Pick<ProfileStore, 'profile'>;

const TIMEOUT_MS = 10_000;
const { request } = es2plusToOperator.handleDownloadProgressInfo;

type ProgressOptions = {
  /** functionRequesterIdentifier of this SM-DP+. */
  readonly caller: string;
  readonly lookUp: LookupFunction;
};

/** Sends the points of downloads to operators: ES2+.HandleDownloadProgressInfo (5.3.5). */
export function progressChannel(store: ProgressStore, { caller, lookUp }: ProgressOptions): Channel {
  return {
    kind: 'es2',
    subscribers: async () => (await store.operators()).flatMap(toSubscribers),
    send: async (delivery, event, attempt) => {
      const progress = (await store.operator(delivery.target))?.progress;
      if (progress === undefined)
        return { state: 'skipped', error: 'the operator receives no progress notifications now' };
      const body = event && (await buildBody(store, event, { progress, caller, target: delivery.target }));
      if (body === undefined)
        return {
          state: 'skipped',
          error: 'the operator does not receive this notification point, or the event is no longer stored',
        };
      return send(progress, body, lookUp, attempt);
    },
  };
}

export function toSubscribers({ name, account, progress }: Operator): Subscriber[] {
  if (progress === undefined) return [];
  const { after, from, style } = progress;
  const matches = (event: StoredEvent) =>
    isSince(event, { after, from }) && notificationPointIdOf(event, style) !== undefined;
  return [{ target: name, account, matches }];
}

type Sender = { readonly progress: OperatorProgress; readonly caller: string; readonly target: string };

/** Repeated messages have the same functionCallIdentifier, made of the target and the event. undefined: there is nothing to send. */
async function buildBody(
  store: ProgressStore,
  event: StoredEvent,
  { progress, caller, target }: Sender,
): Promise<string | undefined> {
  const notificationPointId = notificationPointIdOf(event, progress.style);
  if (notificationPointId === undefined) return undefined;
  const profileType = (await store.profile(event.iccid))?.profileType;
  const header = { functionRequesterIdentifier: caller, functionCallIdentifier: `${target}-${event.id}` };
  const info = downloadProgressInfo({ event, notificationPointId, profileType, header });
  return JSON.stringify(writeMessage(request, info as never));
}

async function send(
  progress: OperatorProgress,
  body: string,
  lookUp: LookupFunction,
  { signal, trace }: Attempt,
): Promise<Outcome> {
  const { url, client, ca } = progress;
  const call: Post = {
    url: new URL(url),
    headers: { 'content-type': 'application/json', 'x-admin-protocol': ADMIN_PROTOCOL, ...trace },
    body,
    allowPrivate: true, // only the administrator of this server sets this URL
    lookUp,
    tls: { ...(client && { cert: client.certificate, key: client.key }), ...(ca !== undefined && { ca }) },
    timeoutMs: TIMEOUT_MS,
    signal,
  };
  try {
    const { status, ...more } = await post(call);
    if (status >= 200 && status < 300) return { state: 'delivered', status };
    return { state: 'refused', status, error: `answered ${status}, expected 204`, ...more };
  } catch (error) {
    signal.throwIfAborted();
    return { state: 'refused', error: describeFailure(error) };
  }
}
