import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMessage, writeMessage } from '@esim-rsp/sgp22/functions/binding';
import { es2plusToOperator, progressStyles } from '@esim-rsp/sgp22/functions/es2plus';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { EventType, ProfileEvent } from '../state/event.ts';
import { downloadProgressInfo, notificationPointIdOf } from './downloadProgressInfo.ts';

const header = { functionRequesterIdentifier: 'rsp.example.com', functionCallIdentifier: 'event-17' };
const installed: ProfileEvent = {
  type: 'profile.installed',
  iccid: parseIccid('8900101000000000017'),
  account: 'shop',
  at: 1_772_359_200_987,
  actor: { kind: 'device', eid: parseEid('89049032123451234512345678901235') },
  from: 'DOWNLOADED',
  to: 'INSTALLED',
  point: 4,
  resultData: Uint8Array.of(0xbf, 0x37, 0),
};
const { request } = es2plusToOperator.handleDownloadProgressInfo;

test('an event is sent to the operator in the members of 5.3.5', () => {
  const info = downloadProgressInfo({
    event: installed,
    notificationPointId: 4,
    profileType: 'gold',
    header,
  });
  const written = writeMessage(request, info as never);
  assert.deepEqual(written, {
    header,
    eid: '89049032123451234512345678901235',
    iccid: '8900101000000000017',
    profileType: 'gold',
    timestamp: '2026-03-01T10:00:00Z',
    notificationPointId: 4,
    notificationPointStatus: { status: 'Executed-Success' },
    resultData: 'vzcA',
  });
  assert.deepEqual(readMessage(request, written), info);
});

test('a failure is sent with its codes, and what is not known is left out', () => {
  const reason = { subjectCode: '8.2.7', reasonCode: '3.8', message: '4 attempts are left' } as const;
  const { resultData: _, ...event } = { ...installed, actor: { kind: 'system' } as const, reason };
  const info = downloadProgressInfo({ event, notificationPointId: 2, header });
  assert.deepEqual(info.notificationPointStatus, { status: 'Failed', statusCodeData: reason });
  assert.deepEqual([info.eid, info.profileType, info.resultData], [undefined, '', undefined]);
  assert.deepEqual(readMessage(request, writeMessage(request, info as never)), info);
});

test('each style has its points for what happens on the device; points of the download are the same in all', () => {
  const point = (type: EventType) =>
    progressStyles.map((style) => {
      const { point: _, ...event } = { ...installed, type };
      return notificationPointIdOf(event, style);
    });
  assert.deepEqual(point('profile.enabled'), [undefined, 6, 101]);
  assert.deepEqual(point('profile.disabled'), [undefined, 7, 102]);
  assert.deepEqual(point('profile.deleted'), [undefined, 8, 5]);
  assert.deepEqual(point('profile.released'), [undefined, undefined, undefined]);
  assert.deepEqual(
    progressStyles.map((style) => notificationPointIdOf(installed, style)),
    [4, 4, 4],
  );
});

test('a message of the callback that is not as it should be is not read', () => {
  const good = writeMessage(
    request,
    downloadProgressInfo({ event: installed, notificationPointId: 4, header }) as never,
  );
  for (const wrong of [
    { notificationPointId: '4' },
    { notificationPointId: 1.5 },
    { notificationPointId: 0 },
    { timestamp: '2026-03-01' },
    { notificationPointStatus: { status: 'Fine' } },
    { resultData: '?' },
  ])
    assert.throws(() => readMessage(request, { ...good, ...wrong }), /cannot be read/, JSON.stringify(wrong));
});
