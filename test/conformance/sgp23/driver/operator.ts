import assert from 'node:assert/strict';
import type { Es2Name } from '@esim-rsp/sgp22/functions/es2plus';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { createOperator, type Operator, type RequestBody } from './es2.ts';
import { generateEid } from './euicc.ts';
import { Skipped } from './fixtures.ts';
import { type Bench, mustRefuse, type Sequence } from './sequence.ts';

export type { Section } from './sequence.ts';

/** A sequence of an Operator. Skipped if ES2+ cannot be called. */
export function asOperator(sequence: (operator: Operator, bench: Bench) => Promise<unknown>): Sequence {
  return async (bench) => {
    if (bench.es2 === undefined) throw new Skipped('the run calls ES2+ only on our own server');
    await sequence(createOperator(bench.es2, bench.issuers), bench);
  };
}

/** Asserts that the SM-DP+ refuses the function with this pair of subject and reason code. `prepare` returns the request. */
export function expectEs2Refusal<N extends Es2Name>(
  name: N,
  pair: string,
  prepare: (operator: Operator, bench: Bench) => Promise<RequestBody<N>>,
): Sequence {
  return asOperator(async (operator, bench) => {
    const body = await prepare(operator, bench);
    await mustRefuse(name, pair, operator.call(name, body));
  });
}

/** Orders a Profile for a new EID. */
export async function orderForEid(operator: Operator, { issuers }: Bench) {
  const { iccid } = await operator.stock();
  const eid = generateEid(issuers);
  await operator.call('downloadOrder', { iccid, eid });
  return { iccid, eid };
}

/** The same, then confirms the order, and releases it if `releaseFlag` is set. */
export async function createConfirmedOrder(operator: Operator, bench: Bench, releaseFlag = false) {
  const { iccid, eid } = await orderForEid(operator, bench);
  const { matchingId } = await operator.call('confirmOrder', { iccid, releaseFlag });
  assert.match(matchingId, /^[0-9A-Z-]+$/);
  return { iccid, eid, matchingId: matchingId as MatchingId };
}
