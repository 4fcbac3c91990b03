import assert from 'node:assert/strict';
import type { Es2Name } from '@esim-rsp/sgp22/functions/es2plus';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { type Operator, operatorOf, type Wish } from './es2.ts';
import { drawEid } from './euicc.ts';
import { Skipped } from './fixtures.ts';
import { type Bench, mustRefuse, type Sequence } from './sequence.ts';

export type { Section } from './sequence.ts';

/** Runs as an Operator, where ES2+ can be called. */
export function asOperator(sequence: (operator: Operator, bench: Bench) => Promise<unknown>): Sequence {
  return async (bench) => {
    if (bench.es2 === undefined) throw new Skipped('ES2+ is called on our own server only');
    await sequence(operatorOf(bench.es2, bench.issuers), bench);
  };
}

/** After a preparation, which gives the wish, the function is refused with this pair. */
export function refusedTo<N extends Es2Name>(
  name: N,
  pair: string,
  prepare: (operator: Operator, bench: Bench) => Promise<Wish<N>>,
): Sequence {
  return asOperator(async (operator, bench) => {
    const wish = await prepare(operator, bench);
    await mustRefuse(name, pair, operator.call(name, wish));
  });
}

/** A Profile that is ordered for an EID. */
export async function linked(operator: Operator, { issuers }: Bench) {
  const { iccid } = await operator.stock();
  const eid = drawEid(issuers);
  await operator.call('downloadOrder', { iccid, eid });
  return { iccid, eid };
}

/** The same, confirmed and released or not. */
export async function confirmed(operator: Operator, bench: Bench, releaseFlag = false) {
  const { iccid, eid } = await linked(operator, bench);
  const { matchingId } = await operator.call('confirmOrder', { iccid, releaseFlag });
  assert.match(matchingId, /^[0-9A-Z-]+$/);
  return { iccid, eid, matchingId: matchingId as MatchingId };
}
