import assert from 'node:assert/strict';
import { Refusal } from '@esim-rsp/sgp22/status';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Env } from '../env.ts';
import { env as downloadEnv, eid, iccid, released } from '../es9/download.testdata.ts';
import type { Decision } from '../run.ts';
import type { Profile, Reserved, Stocked } from '../state/profile.ts';

/** Profiles before their download, as values, and what is read from decisions. */
export const env: Env = downloadEnv;
export const account = released.account;
export const otherEid = parseEid('89049032123451234512345678901299');
export const noMatchingId = parseMatchingId('');
export { eid, iccid, released };

const { state: _state, order, ...known } = released;

export const available: Stocked = { ...known, profileType: 'Test', state: 'AVAILABLE' };
export const allocated: Reserved = { ...known, state: 'ALLOCATED' };
export const linked: Reserved = { ...known, state: 'LINKED', eid };
export const confirmed: Profile = { ...known, state: 'CONFIRMED', order };
export const installed: Profile = {
  ...known,
  state: 'INSTALLED',
  order,
  device: { eid, lastSeqNumber: 1, lastNotificationAt: 1 },
};

/** The profile that was answered, and whether it was saved, with its event: of a user unless a functionCallIdentifier makes it an operator's. */
export async function decided(
  decision: Decision<Profile> | Promise<Decision<Profile>>,
  by: 'user' | 'operator' = 'user',
) {
  const made = await decision;
  assert.ok('reply' in made);
  const [change, event, ...others] = made.save;
  assert.equal(others.length, 0);
  if (change !== undefined) {
    assert.ok('profile' in change && change.profile === made.reply);
    assert.ok(event !== undefined && 'event' in event);
    const { iccid, to, actor } = event.event;
    assert.deepEqual([iccid, to, actor.kind], [made.reply.iccid, made.reply.state, by]);
  }
  return { profile: made.reply, saved: change !== undefined };
}

/** The pair of the refusal, as `8.2.1/3.9`. */
export function refused(decide: () => unknown): string {
  try {
    decide();
  } catch (error) {
    assert.ok(error instanceof Refusal);
    return `${error.status.subjectCode}/${error.status.reasonCode}`;
  }
  return assert.fail('it should have been refused');
}
