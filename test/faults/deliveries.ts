import { setTimeout as sleep } from 'node:timers/promises';
import type { ProfileEvent, ProfileEventType } from '@esim-rsp/sdk';
import type { Received, Receiver } from '../harness/receiver.ts';
import type { World } from './world.ts';

const POLL_MS = 50;

/** Somebody whom the server informs: which events must come, which may, and what a message says. */
export type Audience = {
  readonly name: string;
  readonly receiver: Receiver;
  readonly must: (event: ProfileEvent) => boolean;
  readonly may: (event: ProfileEvent) => boolean;
  /** The id that all attempts to deliver an event have. */
  readonly idFor: (event: ProfileEvent) => string;
  readonly read: (one: Received) => Message;
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
    read: ({ headers, body }) => ({
      id: String(headers['webhook-id']),
      iccid: JSON.parse(body).data.iccid,
      facts: body,
    }),
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
 * Waits until somebody has all events, and checks that each came under one id with what the history says, those of a profile in their order, and
 * nothing else.
 */
export async function checkDeliveries(
  { history, findings }: Pick<World, 'history' | 'findings'>,
  audience: Audience,
  waitMs = 60_000,
): Promise<void> {
  const { name, receiver, must, may, idFor, read } = audience;
  const expected = history.filter(must);
  const until = performance.now() + waitMs;
  const missing = () => {
    const ids = new Set(receiver.received.map((one) => read(one).id));
    return expected.filter((event) => !ids.has(idFor(event)));
  };
  while (missing().length > 0 && performance.now() < until) await sleep(POLL_MS);
  for (const { id, type, iccid } of missing())
    findings.lost(`the event ${id} (${type} of ${iccid}) was not delivered to ${name}`);
  const known = new Map(history.filter(may).map((event) => [idFor(event), event]));
  const first = new Map<string, string>();
  const latest = new Map<string, number>();
  for (const { id, iccid, facts } of receiver.received.map(read)) {
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
