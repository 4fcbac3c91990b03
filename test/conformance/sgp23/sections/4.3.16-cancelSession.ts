import { faults } from '@esim-rsp/euicc/fault';
import { cancelSessionReasons as reasons } from '@esim-rsp/sgp22/asn1/download';
import { cancelled, type Section, type Sequence } from '../driver/sequence.ts';

const authenticated = 'authenticateClient';
const bound = 'getBoundProfilePackage';
const released = { state: 'RELEASED' };
const ended = { state: 'ERROR' };
const unknown = { fault: faults['other-transaction-cancelling'].fault, pair: '8.10.1/3.9' };
const mismatching = { fault: faults['other-transaction-in-cancel-signed'].fault, pair: '8.10.1/3.9' };
const notSigned = { fault: faults['wrong-cancel-signature'].fault, pair: '8.1/6.1' };
const wrongOid = { fault: faults['wrong-smdp-oid'].fault, pair: '8.8/3.10' };

const byAsn1: Sequence = (bench) =>
  cancelled(bound, reasons.postponed, released)({ ...bench, server: bench.by('asn1') });

/** ES9+.CancelSession. */
export const cancelSession: Section = {
  '4.3.16.2.1 #01': cancelled(authenticated, reasons.endUserRejection, ended),
  '4.3.16.2.1 #02': cancelled(authenticated, reasons.postponed, released),
  '4.3.16.2.1 #03': cancelled(authenticated, reasons.timeout, released),
  '4.3.16.2.1 #04': cancelled(authenticated, reasons.pprNotAllowed, ended),
  '4.3.16.2.1 #05': cancelled(authenticated, reasons.undefinedReason, ended),
  '4.3.16.2.1 #06': cancelled(authenticated, reasons.postponed, unknown),
  '4.3.16.2.1 #07': cancelled(authenticated, reasons.postponed, mismatching),
  '4.3.16.2.1 #08': cancelled(authenticated, reasons.postponed, notSigned),
  '4.3.16.2.1 #09': cancelled(authenticated, reasons.postponed, wrongOid),
  '4.3.16.2.1 eUICC error': cancelled(authenticated, reasons.postponed, {
    fault: faults['cancel-error'].fault,
  }),
  '4.3.16.2.2 #01': cancelled(bound, reasons.endUserRejection, ended),
  '4.3.16.2.2 #02': cancelled(bound, reasons.postponed, released),
  '4.3.16.2.2 #03': cancelled(bound, reasons.timeout, released),
  '4.3.16.2.2 #04': cancelled(bound, reasons.pprNotAllowed, ended),
  '4.3.16.2.2 #05': cancelled(bound, reasons.metadataMismatch, ended),
  '4.3.16.2.2 #06': cancelled(bound, reasons.loadBppExecutionError, ended),
  '4.3.16.2.2 #07': cancelled(bound, reasons.undefinedReason, ended),
  '4.3.16.2.2 #08': cancelled(bound, reasons.postponed, unknown),
  '4.3.16.2.2 #09': cancelled(bound, reasons.postponed, mismatching),
  '4.3.16.2.2 #10': cancelled(bound, reasons.postponed, notSigned),
  '4.3.16.2.2 #11': cancelled(bound, reasons.postponed, wrongOid),
  '4.3.16 ASN.1': byAsn1,
};
