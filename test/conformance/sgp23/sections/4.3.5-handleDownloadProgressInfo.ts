import assert from 'node:assert/strict';
import { faults } from '@esim-rsp/euicc/fault';
import type { DownloadProgressInfo } from '@esim-rsp/sgp22/functions/es2plus';
import { installationResult, notify } from '../driver/notification.ts';
import { asOperator, confirmed, type Section } from '../driver/operator.ts';
import { deviceFor, mustRefuse, type Sequence, upToAuthentication, upToPackage } from '../driver/sequence.ts';
import { getPackage } from '../driver/session.ts';

/** Points with how they went, in the order in which the Operator was told. */
function pointsOf(told: readonly DownloadProgressInfo[]): string[] {
  return told.map(({ notificationPointId, notificationPointStatus: { status, statusCodeData: codes } }) =>
    [notificationPointId, status, ...(codes ? [`${codes.subjectCode}/${codes.reasonCode}`] : [])].join(' '),
  );
}

/** Every message is a call of its own, about this eUICC. */
function mustBeCalls(told: readonly DownloadProgressInfo[], eid: string): void {
  for (const info of told) assert.equal(info.eid, eid);
  assert.equal(new Set(told.map(({ header }) => header.functionCallIdentifier)).size, told.length);
}

const nominal: Sequence = asOperator(async (operator, bench) => {
  const { iccid, eid, ...order } = await confirmed(operator, bench, true);
  const lpa = deviceFor(bench, { ...order, iccid, eid });
  await notify(lpa, installationResult(lpa, await upToPackage(lpa, { ...order, iccid, eid })));
  const told = await operator.told(iccid, 3);
  assert.deepEqual(pointsOf(told), ['1 Executed-Success', '3 Executed-Success', '4 Executed-Success']);
  mustBeCalls(told, eid);
  assert.ok(told.every(({ profileType }) => profileType.startsWith('Test ')));
  assert.ok(told[2]?.resultData !== undefined, 'point 4 has what the eUICC signed');
});

const wrongCode: Sequence = asOperator(async (operator, bench) => {
  const { iccid, eid, matchingId, confirmationCode } = await bench.fixtures.order('open-cc', bench.issuers);
  assert.ok(iccid !== undefined && confirmationCode !== undefined);
  const order = { iccid, eid, matchingId, confirmationCode };
  const lpa = deviceFor(bench, order);
  const session = await upToAuthentication(lpa, order);
  const wrong = getPackage({ ...lpa, fault: faults['wrong-hash-cc'].fault }, session, order);
  await mustRefuse('getBoundProfilePackage', '8.2.7/3.8', wrong);
  const told = await operator.told(iccid, 2);
  assert.deepEqual(pointsOf(told), ['1 Executed-Success', '2 Failed 8.2.7/3.8']);
  mustBeCalls(told, eid);
});

/** ES2+.HandleDownloadProgressInfo: the SM-DP+ calls, the Operator answers 204. */
export const handleDownloadProgressInfo: Section = {
  '4.3.5 points 1, 3 and 4': nominal,
  '4.3.5 point 2': wrongCode,
};
