import { faults } from '@esim-rsp/euicc/fault';
import { cancelSessionReasons as reasons } from '@esim-rsp/sgp22/asn1/download';
import { expectCancellation, type Section, type Sequence } from '../driver/sequence.ts';

const authenticated = 'authenticateClient';
const bound = 'getBoundProfilePackage';
const released = { state: 'RELEASED' };
const ended = { state: 'ERROR' };
const unknown = { fault: faults['other-transaction-cancelling'].fault, pair: '8.10.1/3.9' };
const mismatching = { fault: faults['other-transaction-in-cancel-signed'].fault, pair: '8.10.1/3.9' };
const notSigned = { fault: faults['wrong-cancel-signature'].fault, pair: '8.1/6.1' };
const wrongOid = { fault: faults['wrong-smdp-oid'].fault, pair: '8.8/3.10' };

const byAsn1: Sequence = (bench) =>
  expectCancellation(bound, reasons.postponed, released)({ ...bench, server: bench.by('asn1') });

/** ES9+.CancelSession. */
export const cancelSession: Section = {
  '4.3.16.2.1 #01': expectCancellation(authenticated, reasons.endUserRejection, ended),
  '4.3.16.2.1 #02': expectCancellation(authenticated, reasons.postponed, released),
  '4.3.16.2.1 #03': expectCancellation(authenticated, reasons.timeout, released),
  '4.3.16.2.1 #04': expectCancellation(authenticated, reasons.pprNotAllowed, ended),
  '4.3.16.2.1 #05': expectCancellation(authenticated, reasons.undefinedReason, ended),
  '4.3.16.2.1 #06': expectCancellation(authenticated, reasons.postponed, unknown),
  '4.3.16.2.1 #07': expectCancellation(authenticated, reasons.postponed, mismatching),
  '4.3.16.2.1 #08': expectCancellation(authenticated, reasons.postponed, notSigned),
  '4.3.16.2.1 #09': expectCancellation(authenticated, reasons.postponed, wrongOid),
  '4.3.16.2.1 eUICC error': expectCancellation(authenticated, reasons.postponed, {
    fault: faults['cancel-error'].fault,
  }),
  '4.3.16.2.2 #01': expectCancellation(bound, reasons.endUserRejection, ended),
  '4.3.16.2.2 #02': expectCancellation(bound, reasons.postponed, released),
  '4.3.16.2.2 #03': expectCancellation(bound, reasons.timeout, released),
  '4.3.16.2.2 #04': expectCancellation(bound, reasons.pprNotAllowed, ended),
  '4.3.16.2.2 #05': expectCancellation(bound, reasons.metadataMismatch, ended),
  '4.3.16.2.2 #06': expectCancellation(bound, reasons.loadBppExecutionError, ended),
  '4.3.16.2.2 #07': expectCancellation(bound, reasons.undefinedReason, ended),
  '4.3.16.2.2 #08': expectCancellation(bound, reasons.postponed, unknown),
  '4.3.16.2.2 #09': expectCancellation(bound, reasons.postponed, mismatching),
  '4.3.16.2.2 #10': expectCancellation(bound, reasons.postponed, notSigned),
  '4.3.16.2.2 #11': expectCancellation(bound, reasons.postponed, wrongOid),
  '4.3.16 ASN.1': byAsn1,
};
