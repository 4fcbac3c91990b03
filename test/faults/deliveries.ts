import { setTimeout as sleep } from 'node:timers/promises';
import type { ProfileEvent } from '@esim-rsp/sdk';
import type { Received } from '../harness/receiver.ts';
import type { World } from './world.ts';

const POLL_MS = 50;

/**
 * Waits until the receiver has all events, and checks that each came under one id with what the history says, and nothing else.
 */
export async function checkDeliveries(
  { history, receiver, findings, webhookId }: Pick<World, 'history' | 'receiver' | 'findings' | 'webhookId'>,
  waitMs = 60_000,
): Promise<void> {
  const until = performance.now() + waitMs;
  const missing = () => {
    const ids = new Set(receiver.received.map(messageIdOf));
    return history.filter(({ id }) => !ids.has(idFor(webhookId, id)));
  };
  while (missing().length > 0 && performance.now() < until) await sleep(POLL_MS);
  for (const { id, type, iccid } of missing())
    findings.lost(`the event ${id} (${type} of ${iccid}) was not delivered`);
  const bodies = new Map<string, string>();
  const known = new Map(history.map((event) => [idFor(webhookId, event.id), event]));
  for (const one of receiver.received) checkMessage(one, { known, bodies, findings });
}

type Expected = Pick<World, 'findings'> & {
  readonly known: ReadonlyMap<string, ProfileEvent>;
  readonly bodies: Map<string, string>;
};

function checkMessage(one: Received, { known, bodies, findings }: Expected): void {
  const id = messageIdOf(one);
  const event = known.get(id);
  const sent = JSON.parse(one.body);
  if (event === undefined) {
    findings.violation(`the message ${id} (${sent.type}) is of no event in the history`);
    return;
  }
  if (sent.type !== event.type || sent.data.iccid !== event.iccid)
    findings.violation(`the message ${id} is not about the event ${event.id}`);
  if ((bodies.get(id) ?? one.body) !== one.body) findings.violation(`the message ${id} has changed`);
  bodies.set(id, one.body);
}

function messageIdOf({ headers }: Received): string {
  return String(headers['webhook-id']);
}

/** The id that all attempts to deliver an event to a webhook have (Standard Webhooks: `webhook-id`). */
function idFor(webhookId: string, eventId: number): string {
  return `msg_${webhookId.replace(/^we_/, '')}_${eventId}`;
}
