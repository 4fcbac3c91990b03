import assert from 'node:assert/strict';
import { equal } from '@esim-rsp/codec';
import { type FaultName, faults, none } from '@esim-rsp/euicc/fault';
import type { OrderKind } from '../driver/fixtures.ts';
import { mustEqual } from '../driver/octets.ts';
import {
  bound,
  deviceFor,
  mustBe,
  mustRefuse,
  protectedBeforehand,
  refused,
  type Section,
  type Sequence,
  upToAuthentication,
  upToPackage,
} from '../driver/sequence.ts';
import { Refused } from '../driver/server.ts';
import { type Bound, cancel, getPackage } from '../driver/session.ts';

const POSTPONED = 1;

type Again = {
  /** Otherwise the first session just breaks off. */
  readonly postponed: boolean;
  readonly oneTimeKey: 'kept' | 'new';
};

/** A second download by the same eUICC after a first one that got its package. */
function retried(
  kind: OrderKind,
  { postponed, oneTimeKey }: Again,
  check: (bound: Bound) => void = () => undefined,
): Sequence {
  return async (bench) => {
    const order = await bench.fixtures.order(kind, bench.issuers);
    const lpa = deviceFor(bench, order);
    const first = await upToPackage(lpa, order);
    check(first);
    if (postponed) await cancel(lpa, first, POSTPONED);
    const session = await upToAuthentication(lpa, order);
    mustEqual(session.smdpSigned2.bppEuiccOtpk, first.oneTimeKey.otPk, 'bppEuiccOtpk');
    const key = oneTimeKey === 'kept' ? first.oneTimeKey : undefined;
    const second = await getPackage(lpa, session, order, key).catch(unlessNotRebound(oneTimeKey));
    if (second === undefined) return;
    check(second);
    const isSame = equal(first.opened.smdpOtpk, second.opened.smdpOtpk);
    assert.equal(isSame, oneTimeKey === 'kept', 'the same smdpOtpk for the same otPK.EUICC, and only then');
  };
}

/** A server need not bind to a new otPK.EUICC: it may say 8.2/3.7. */
function unlessNotRebound(oneTimeKey: Again['oneTimeKey']) {
  return (error: unknown): undefined => {
    if (oneTimeKey === 'new' && error instanceof Refused && error.pair === '8.2/3.7') return undefined;
    throw error;
  };
}

const wrongThenRightCode: Sequence = async (bench) => {
  const order = await bench.fixtures.order('open-cc', bench.issuers);
  const lpa = deviceFor(bench, order);
  const session = await upToAuthentication(lpa, order);
  const wrong = getPackage({ ...lpa, fault: faults['wrong-hash-cc'].fault }, session, order);
  await mustRefuse('getBoundProfilePackage', '8.2.7/3.8', wrong);
  await getPackage(lpa, session, order);
};

/** How many wrong codes a server takes is its own choice. */
const TRIES = 20;

const tooManyWrongCodes: Sequence = async (bench) => {
  const order = await bench.fixtures.order('open-cc', bench.issuers);
  const lpa = deviceFor(bench, order, faults['wrong-hash-cc'].fault);
  const session = await upToAuthentication(lpa, order);
  const attempt = () => getPackage(lpa, session, order);
  for (let tries = 1; tries < TRIES; tries++) {
    const error = await attempt().catch((reason: unknown) => reason);
    if (error instanceof Refused && error.pair === '8.2.7/6.4') break;
    assert.equal(error instanceof Refused ? error.pair : error, '8.2.7/3.8');
  }
  await mustRefuse('getBoundProfilePackage', '8.2.7/6.4', attempt());
  const right = getPackage({ ...lpa, fault: none }, session, order);
  await mustRefuse('getBoundProfilePackage', '8.2.7/6.4', right);
  await mustBe('ERROR', bench, order);
};

const expiredBetween: Sequence = async (bench) => {
  const order = await bench.fixtures.order('open', bench.issuers);
  const lpa = deviceFor(bench, order);
  const session = await upToAuthentication(lpa, order);
  await bench.fixtures.expire(order);
  await mustRefuse('getBoundProfilePackage', '8.8.5/4.10', getPackage(lpa, session, order));
};

const byAsn1: Sequence = (bench) => bound('open')({ ...bench, server: bench.by('asn1') });

const split = ({ opened }: Bound) => assert.ok(opened.metadataTlvs > 1, 'metadata in more than one 88 TLV');
const protectedAndSplit = (bound: Bound) => {
  protectedBeforehand(bound);
  split(bound);
};

const same = { postponed: true, oneTimeKey: 'kept' } as const;
const other = { postponed: true, oneTimeKey: 'new' } as const;
const lost = { postponed: false, oneTimeKey: 'new' } as const;

const no = (pair: string | undefined, name: FaultName, kind?: OrderKind) =>
  refused('getBoundProfilePackage', pair, faults[name].fault, kind);

/** ES9+.GetBoundProfilePackage. */
export const getBoundProfilePackage: Section = {
  '4.3.13.2.1 #01': bound('open'),
  '4.3.13.2.1 CC': bound('open-cc'),
  '4.3.13.2.1 #05': bound('long-metadata', split),
  '4.3.13.2.1 ASN.1': byAsn1,
  '4.3.13.2.2 #03': bound('ppk', protectedBeforehand),
  '4.3.13.2.2 #04': bound('ppk-cc', protectedBeforehand),
  '4.3.13.2.2 #06': bound('ppk-long-metadata', protectedAndSplit),
  '4.3.13.2.3 #01': retried('open', same),
  '4.3.13.2.3 #02': retried('open-cc', same),
  '4.3.13.2.3 #03': retried('ppk', same, protectedBeforehand),
  '4.3.13.2.3 #04': retried('ppk-cc', same, protectedBeforehand),
  '4.3.13.2.3 #05': retried('open', other),
  '4.3.13.2.3 #06': retried('open-cc', other),
  '4.3.13.2.3 #07': retried('ppk', other, protectedBeforehand),
  '4.3.13.2.3 #08': retried('ppk-cc', other, protectedBeforehand),
  '4.3.13.2.3 #09': wrongThenRightCode,
  '4.3.13.2.7 #01': retried('open', lost),
  '4.3.13.2.7 #02': retried('open-cc', lost),
  '4.3.13.2.7 #03': retried('ppk', lost, protectedBeforehand),
  '4.3.13.2.7 #04': retried('ppk-cc', lost, protectedBeforehand),
  '4.3.13.2.10 #01': no('8.1/6.1', 'wrong-euicc-signature2'),
  '4.3.13.2.10 #03 JSON': no('8.10.1/3.9', 'other-transaction-binding'),
  '4.3.13.2.10 #03 signed': no('8.10.1/3.9', 'other-transaction-in-euicc-signed2'),
  '4.3.13.2.10 CC missing': no('8.2.7/2.2', 'without-hash-cc', 'open-cc'),
  '4.3.13.2.10 CC wrong': no('8.2.7/3.8', 'wrong-hash-cc', 'open-cc'),
  '4.3.13.2.10 CC exhausted': tooManyWrongCodes,
  '4.3.13.2.10 expired': expiredBetween,
  '4.3.13.2.10 eUICC error': no(undefined, 'download-error'),
};
