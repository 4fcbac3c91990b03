import assert from 'node:assert/strict';
import { equal } from '@esim-rsp/codec';
import { type FaultName, faults, none } from '@esim-rsp/euicc/fault';
import type { OrderKind } from '../driver/fixtures.ts';
import { mustEqual } from '../driver/octets.ts';
import {
  checkPpk,
  createDevice,
  expectPackage,
  expectRefusal,
  mustBe,
  mustRefuse,
  runToAuthentication,
  runToPackage,
  type Section,
  type Sequence,
} from '../driver/sequence.ts';
import { Refused } from '../driver/server.ts';
import { type Bound, cancel, getPackage } from '../driver/session.ts';

const POSTPONED = 1;

type Again = {
  /** Default: the first session ends without a result. */
  readonly postponed: boolean;
  readonly oneTimeKey: 'kept' | 'new';
};

/** A second download by the same eUICC after it received its package once. */
function retryDownload(
  kind: OrderKind,
  { postponed, oneTimeKey }: Again,
  check: (bound: Bound) => void = () => undefined,
): Sequence {
  return async (bench) => {
    const order = await bench.fixtures.order(kind, bench.issuers);
    const lpa = createDevice(bench, order);
    const first = await runToPackage(lpa, order);
    check(first);
    if (postponed) await cancel(lpa, first, POSTPONED);
    const session = await runToAuthentication(lpa, order);
    mustEqual(session.smdpSigned2.bppEuiccOtpk, first.oneTimeKey.otPk, 'bppEuiccOtpk');
    const key = oneTimeKey === 'kept' ? first.oneTimeKey : undefined;
    const second = await getPackage(lpa, session, order, key).catch(acceptNoRebinding(oneTimeKey));
    if (second === undefined) return;
    check(second);
    const isSame = equal(first.opened.smdpOtpk, second.opened.smdpOtpk);
    assert.equal(isSame, oneTimeKey === 'kept', 'the same smdpOtpk for the same otPK.EUICC, and only then');
  };
}

/** A server need not bind to a new otPK.EUICC: it may say 8.2/3.7. */
function acceptNoRebinding(oneTimeKey: Again['oneTimeKey']) {
  return (error: unknown): undefined => {
    if (oneTimeKey === 'new' && error instanceof Refused && error.pair === '8.2/3.7') return undefined;
    throw error;
  };
}

const wrongThenRightCode: Sequence = async (bench) => {
  const order = await bench.fixtures.order('open-cc', bench.issuers);
  const lpa = createDevice(bench, order);
  const session = await runToAuthentication(lpa, order);
  const wrong = getPackage({ ...lpa, fault: faults['wrong-hash-cc'].fault }, session, order);
  await mustRefuse('getBoundProfilePackage', '8.2.7/3.8', wrong);
  await getPackage(lpa, session, order);
};

/** Each server chooses how many wrong codes it accepts. */
const TRIES = 20;

const tooManyWrongCodes: Sequence = async (bench) => {
  const order = await bench.fixtures.order('open-cc', bench.issuers);
  const lpa = createDevice(bench, order, faults['wrong-hash-cc'].fault);
  const session = await runToAuthentication(lpa, order);
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
  const lpa = createDevice(bench, order);
  const session = await runToAuthentication(lpa, order);
  await bench.fixtures.expire(order);
  await mustRefuse('getBoundProfilePackage', '8.8.5/4.10', getPackage(lpa, session, order));
};

const byAsn1: Sequence = (bench) => expectPackage('open')({ ...bench, server: bench.by('asn1') });

const split = ({ opened }: Bound) => assert.ok(opened.metadataTlvs > 1, 'metadata in more than one 88 TLV');
const protectedAndSplit = (bound: Bound) => {
  checkPpk(bound);
  split(bound);
};

const same = { postponed: true, oneTimeKey: 'kept' } as const;
const other = { postponed: true, oneTimeKey: 'new' } as const;
const lost = { postponed: false, oneTimeKey: 'new' } as const;

const no = (pair: string | undefined, name: FaultName, kind?: OrderKind) =>
  expectRefusal('getBoundProfilePackage', pair, faults[name].fault, kind);

/** ES9+.GetBoundProfilePackage. */
export const getBoundProfilePackage: Section = {
  '4.3.13.2.1 #01': expectPackage('open'),
  '4.3.13.2.1 CC': expectPackage('open-cc'),
  '4.3.13.2.1 #05': expectPackage('long-metadata', split),
  '4.3.13.2.1 ASN.1': byAsn1,
  '4.3.13.2.2 #03': expectPackage('ppk', checkPpk),
  '4.3.13.2.2 #04': expectPackage('ppk-cc', checkPpk),
  '4.3.13.2.2 #06': expectPackage('ppk-long-metadata', protectedAndSplit),
  '4.3.13.2.3 #01': retryDownload('open', same),
  '4.3.13.2.3 #02': retryDownload('open-cc', same),
  '4.3.13.2.3 #03': retryDownload('ppk', same, checkPpk),
  '4.3.13.2.3 #04': retryDownload('ppk-cc', same, checkPpk),
  '4.3.13.2.3 #05': retryDownload('open', other),
  '4.3.13.2.3 #06': retryDownload('open-cc', other),
  '4.3.13.2.3 #07': retryDownload('ppk', other, checkPpk),
  '4.3.13.2.3 #08': retryDownload('ppk-cc', other, checkPpk),
  '4.3.13.2.3 #09': wrongThenRightCode,
  '4.3.13.2.7 #01': retryDownload('open', lost),
  '4.3.13.2.7 #02': retryDownload('open-cc', lost),
  '4.3.13.2.7 #03': retryDownload('ppk', lost, checkPpk),
  '4.3.13.2.7 #04': retryDownload('ppk-cc', lost, checkPpk),
  '4.3.13.2.10 #01': no('8.1/6.1', 'wrong-euicc-signature2'),
  '4.3.13.2.10 #03 JSON': no('8.10.1/3.9', 'other-transaction-binding'),
  '4.3.13.2.10 #03 signed': no('8.10.1/3.9', 'other-transaction-in-euicc-signed2'),
  '4.3.13.2.10 CC missing': no('8.2.7/2.2', 'without-hash-cc', 'open-cc'),
  '4.3.13.2.10 CC wrong': no('8.2.7/3.8', 'wrong-hash-cc', 'open-cc'),
  '4.3.13.2.10 CC exhausted': tooManyWrongCodes,
  '4.3.13.2.10 expired': expiredBetween,
  '4.3.13.2.10 eUICC error': no(undefined, 'download-error'),
};
