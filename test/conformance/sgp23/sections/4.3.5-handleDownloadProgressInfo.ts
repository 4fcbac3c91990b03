import assert from 'node:assert/strict';
import { faults } from '@esim-rsp/euicc/fault';
import type { DownloadProgressInfo } from '@esim-rsp/sgp22/functions/es2plus';
import { installationResult, notify } from '../driver/notification.ts';
import { asOperator, createConfirmedOrder, type Section } from '../driver/operator.ts';
import {
  createDevice,
  mustRefuse,
  runToAuthentication,
  runToPackage,
  type Sequence,
} from '../driver/sequence.ts';
import { getPackage } from '../driver/session.ts';

/** Notification points with their status, in the order received. */
function formatPoints(received: readonly DownloadProgressInfo[]): string[] {
  return received.map(({ notificationPointId, notificationPointStatus: { status, statusCodeData: codes } }) =>
    [notificationPointId, status, ...(codes ? [`${codes.subjectCode}/${codes.reasonCode}`] : [])].join(' '),
  );
}

/** Asserts that every message has its own call identifier, and the EID. */
function mustBeCalls(received: readonly DownloadProgressInfo[], eid: string): void {
  for (const info of received) assert.equal(info.eid, eid);
  assert.equal(new Set(received.map(({ header }) => header.functionCallIdentifier)).size, received.length);
}

const nominal: Sequence = asOperator(async (operator, bench) => {
  const { iccid, eid, ...order } = await createConfirmedOrder(operator, bench, true);
  const lpa = createDevice(bench, { ...order, iccid, eid });
  await notify(lpa, installationResult(lpa, await runToPackage(lpa, { ...order, iccid, eid })));
  const received = await operator.reports(iccid, 3);
  assert.deepEqual(formatPoints(received), [
    '1 Executed-Success',
    '3 Executed-Success',
    '4 Executed-Success',
  ]);
  mustBeCalls(received, eid);
  assert.ok(received.every(({ profileType }) => profileType.startsWith('Test ')));
  assert.ok(received[2]?.resultData !== undefined, 'point 4 has what the eUICC signed');
});

const wrongCode: Sequence = asOperator(async (operator, bench) => {
  const { iccid, eid, matchingId, confirmationCode } = await bench.fixtures.order('open-cc', bench.issuers);
  assert.ok(iccid !== undefined && confirmationCode !== undefined);
  const order = { iccid, eid, matchingId, confirmationCode };
  const lpa = createDevice(bench, order);
  const session = await runToAuthentication(lpa, order);
  const wrong = getPackage({ ...lpa, fault: faults['wrong-hash-cc'].fault }, session, order);
  await mustRefuse('getBoundProfilePackage', '8.2.7/3.8', wrong);
  const received = await operator.reports(iccid, 2);
  assert.deepEqual(formatPoints(received), ['1 Executed-Success', '2 Failed 8.2.7/3.8']);
  mustBeCalls(received, eid);
});

/** ES2+.HandleDownloadProgressInfo: the SM-DP+ calls, the Operator answers 204. */
export const handleDownloadProgressInfo: Section = {
  '4.3.5 points 1, 3 and 4': nominal,
  '4.3.5 point 2': wrongCode,
};
