import { setTimeout as sleep } from 'node:timers/promises';
import type { ProfileEvent, ProfileEventType } from '@esim-rsp/sdk';
import type { Received, Receiver } from '../harness/receiver.ts';
import type { World } from './world.ts';

const POLL_MS = 50;
/** Deliveries are going on as long as messages come: a slow machine needs minutes for thousands of them, and a lost one never comes. */
const SILENCE_MS = 60_000;

/** Somebody whom the server informs: which events must come, which may, and what a message says. */
export type Audience = {
  readonly name: string;
  readonly receiver: Receiver;
  readonly must: (event: ProfileEvent) => boolean;
  readonly may: (event: ProfileEvent) => boolean;
  /** The id that all attempts to deliver an event have. */
  readonly idFor: (event: ProfileEvent) => string;
  /** undefined: the message is about the log of the account, and not about an event. */
  readonly read: (one: Received) => Message | undefined;
};

/** `facts`: what every attempt repeats. */
type Message = { readonly id: string; readonly iccid: string; readonly facts: string };

/** A webhook that receives all events (Standard Webhooks: `webhook-id`). */
export function webhookAudience(webhookId: string, receiver: Receiver): Audience {
  return {
    name: `the webhook ${webhookId}`,
    receiver,
    must: () => true,
    may: () => true,
    idFor: ({ id }) => `msg_${webhookId.replace(/^we_/, '')}_${id}`,
    read: ({ headers, body }) => {
      const { type, data } = JSON.parse(body);
      if (type === 'log.anchored') return undefined;
      return { id: String(headers['webhook-id']), iccid: data.iccid, facts: body };
    },
  };
}

/** Points of a download (SGP.22 5.3.5), and the states on the device in the style 5-8. */
const reported: readonly ProfileEventType[] = [
  'download.checked',
  'profile.downloaded',
  'profile.installed',
  'profile.enabled',
  'profile.disabled',
  'profile.deleted',
];
/** Of a download, if it was one that brought the profile there. */
const sometimes: readonly ProfileEventType[] = [
  'profile.postponed',
  'profile.error',
  'profile.expired',
  'confirmation_code.wrong',
  'confirmation_code.locked',
];

/** An operator that receives ES2+.HandleDownloadProgressInfo. */
export function operatorAudience(name: string, receiver: Receiver): Audience {
  return {
    name: `the operator ${name}`,
    receiver,
    must: ({ type }) => reported.includes(type),
    may: ({ type }) => reported.includes(type) || sometimes.includes(type),
    idFor: ({ id }) => `${name}-${id}`,
    read: ({ body }) => {
      const { header, iccid, notificationPointId, timestamp } = JSON.parse(body);
      const facts = JSON.stringify([iccid, notificationPointId, timestamp]);
      return { id: header.functionCallIdentifier, iccid, facts };
    },
  };
}

/**
 * Waits until somebody has all events, at most `withinMs` or, without it, until no message has come for a minute. Checks that each came under one id with
 * what the history says, those of a profile in their order, and nothing else.
 */
export async function checkDeliveries(
  { history, findings }: Pick<World, 'history' | 'findings'>,
  audience: Audience,
  withinMs?: number,
): Promise<void> {
  const { name, receiver, must, may, idFor, read } = audience;
  const expected = history.filter(must);
  const missing = () => {
    const ids = new Set(receiver.received.map((one) => read(one)?.id));
    return expected.filter((event) => !ids.has(idFor(event)));
  };
  const begunAt = performance.now();
  let [received, receivedAt] = [receiver.received.length, begunAt];
  const isLate = (now: number) =>
    withinMs === undefined ? now - receivedAt > SILENCE_MS : now - begunAt > withinMs;
  while (missing().length > 0 && !isLate(performance.now())) {
    await sleep(POLL_MS);
    if (receiver.received.length === received) continue;
    [received, receivedAt] = [receiver.received.length, performance.now()];
  }
  for (const { id, type, iccid } of missing())
    findings.lost(`the event ${id} (${type} of ${iccid}) was not delivered to ${name}`);
  const known = new Map(history.filter(may).map((event) => [idFor(event), event]));
  const first = new Map<string, string>();
  const latest = new Map<string, number>();
  for (const { id, iccid, facts } of receiver.received.flatMap((one) => read(one) ?? [])) {
    const event = known.get(id);
    if (event === undefined) findings.violation(`the message ${id} is of no event for ${name}`);
    else if (iccid !== event.iccid)
      findings.violation(`the message ${id} is not about the event ${event.id}`);
    if ((first.get(id) ?? facts) !== facts) findings.violation(`the message ${id} has changed`);
    if (event !== undefined && !first.has(id)) {
      if (event.id < (latest.get(iccid) ?? 0))
        findings.violation(`the message ${id} came after one of a later event of ${iccid}`);
      latest.set(iccid, event.id);
    }
    first.set(id, facts);
  }
}
