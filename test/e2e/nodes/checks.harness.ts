import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProfileEvent } from '@esim-rsp/sdk';
import { type Received, until } from '../../harness/receiver.ts';

/** What must be true after nodes or their database have failed. */

const MOST_TRIES = 60;

/** Tries again and again, as a user does. */
export async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await work();
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
      await sleep(200);
    }
}

/** Each event begins in the state in which the one before ended, and the profile is installed once, at last. */
export function checkHistory(history: readonly ProfileEvent[]): void {
  const types = history.map(({ type }) => type);
  const steps = history.map(({ type, from, to }) => `${type} ${from} ${to}`).join('\n');
  for (const [i, event] of history.entries()) assert.equal(event.from, history[i - 1]?.to, steps);
  assert.deepEqual(types.slice(0, 3), ['profile.created', 'profile.ordered', 'profile.released'], steps);
  assert.equal(history.at(-1)?.to, 'INSTALLED', steps);
  assert.equal(types.filter((type) => type === 'profile.installed').length, 1, steps);
}

/** Every event came at least once, and always under the same id. */
export async function checkDeliveries(
  received: readonly Received[],
  events: readonly ProfileEvent[],
): Promise<void> {
  const idOf = ({ headers }: Received) => String(headers['webhook-id']);
  await until(() => new Set(received.map(idOf)).size >= events.length);
  await sleep(1000);
  const bodies = Map.groupBy(received, idOf);
  assert.equal(bodies.size, events.length);
  const sent = new Map<string, string>();
  for (const [id, all] of bodies) {
    assert.equal(new Set(all.map(({ body }) => body)).size, 1, `the message ${id} has changed`);
    const { type, data } = JSON.parse(all[0]?.body ?? '');
    sent.set(`${data.iccid} ${data.id}`, type);
  }
  for (const { iccid, id, type } of events) assert.equal(sent.get(`${iccid} ${id}`), type);
}
