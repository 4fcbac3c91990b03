import assert from 'node:assert/strict';
import { equal } from '@esim-rsp/codec';
import { faults, none, svn } from '@esim-rsp/euicc/fault';
import { generateEid } from '../driver/euicc.ts';
import { createDevice, expectInitiation, type Section, type Sequence } from '../driver/sequence.ts';
import { initiate } from '../driver/session.ts';

const freshEachTime: Sequence = async (bench) => {
  const lpa = createDevice(bench, { eid: generateEid(bench.issuers), matchingId: '' });
  const [first, second] = [await initiate(lpa), await initiate(lpa)];
  assert.notEqual(first.transactionId, second.transactionId);
  assert.ok(!equal(first.serverSigned1.serverChallenge, second.serverSigned1.serverChallenge));
};

const byAsn1: Sequence = (bench) => expectInitiation(none)({ ...bench, server: bench.by('asn1') });

/** ES9+.InitiateAuthentication. */
export const initiateAuthentication: Section = {
  '4.3.12 #01': expectInitiation(svn(2, 2, 1)),
  '4.3.12 #02': freshEachTime,
  '4.3.12 #03': expectInitiation(faults['other-address'].fault, '8.8.1/3.8'),
  '4.3.12 #04': expectInitiation(faults['no-known-ci'].fault, '8.8.2/3.1'),
  '4.3.12 #04 signing only': expectInitiation(faults['unknown-signing-ci'].fault, '8.8.2/3.1'),
  '4.3.12 #05 svn 1.0.0': expectInitiation(faults['svn-1'].fault, '8.8.3/3.1'),
  '4.3.12 #05 svn 3.0.0': expectInitiation(faults['svn-3'].fault, '8.8.3/3.1'),
  '4.3.12 #06': expectInitiation(faults['unknown-verification-ci'].fault, '8.8.4/3.7'),
  '4.3.12 #07': expectInitiation(svn(2, 2, 1)),
  '4.3.12 #08': expectInitiation(svn(2, 2, 2)),
  '4.3.12 #09': expectInitiation(svn(2, 3, 0)),
  '4.3.12 ASN.1': byAsn1,
};
