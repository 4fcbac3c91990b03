import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerStore } from '../../store/ports/server-store.ts';
import { openMemoryStore } from '../../store/sqlite/memory.harness.ts';
import { tries } from '../openapi/openapi-tries.harness.ts';
import { operations } from '../operations.ts';
import { callOperation, headersFor } from '../testing/operation-call.harness.ts';
import { restTest } from '../testing/rest.harness.ts';

/** A server can stop between two writes, so an operation makes one. */

const writing =
  /^(accept|add|claim|delete|end|erase|expire|invite|put|record|release|resend|retry|rotate|save|send|set|take|update)[A-Z]|^save$/;

/** The audit entry and the limit of attempts before the work, the answer behind it, and when somebody was there last. */
const besides: readonly string[] = [
  'addAuditEntry',
  'takeSignInAttempt',
  'saveAnswer',
  'deleteRequest',
  'recordConsoleSessionUse',
  'recordKeyUses',
  'recordLinkViews',
];

/** Calls that write several times: what is used up in between is of no other use. */
const several: Readonly<Record<string, readonly string[]>> = {
  createSession: [
    'takeConsoleTicket addConsoleSession',
    'acceptInvitation addConsoleSession',
    'takePasskeyChallenge recordPasskeyUse updatePerson addConsoleSession',
  ],
  createPasskey: ['takePasskeyChallenge addPasskey'],
  deleteSessions: ['deleteConsoleSessionsOf deleteConsoleSession'],
};

/** A store that lists the writes. */
async function listening(): Promise<{ readonly store: ServerStore; readonly writes: string[] }> {
  const writes: string[] = [];
  const store = await openMemoryStore();
  const listed = Object.entries(store).map(([name, call]) => {
    if (!writing.test(name) || besides.includes(name)) return [name, call];
    return [
      name,
      (...values: unknown[]) => {
        writes.push(name);
        return (call as (...values: unknown[]) => unknown)(...values);
      },
    ];
  });
  return { store: Object.fromEntries(listed) as ServerStore, writes };
}

for (const operation of operations.filter(({ method }) => method !== 'GET'))
  test(`${operation.operationId}: its work is one write`, async () => {
    const { store, writes } = await listening();
    await using api = await restTest(store);
    await headersFor(api, operation);
    const most: string[] = [];
    for (const given of (await tries[operation.operationId]?.(api)) ?? []) {
      writes.length = 0;
      await callOperation(api, operation, given);
      if (writes.length > 1) most.push(writes.join(' '));
    }
    assert.deepEqual(most, several[operation.operationId] ?? []);
  });
