import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OwnCertificate } from '../../keys/own-certificates.ts';
import { createReadiness } from './readiness.ts';

const NOW = 1000;
const healthy = {
  tryWrite: async () => undefined,
  schemaVersion: async () => ({ found: 3, known: 3, isUsable: true }),
};

function certificate(role: OwnCertificate['role'], notBefore: number, notAfter: number): OwnCertificate {
  return { role, certificate: { notBefore, notAfter } as OwnCertificate['certificate'] };
}
const valid = [
  certificate('dp-auth', 0, NOW),
  certificate('dp-pb', NOW, 2000),
  certificate('dp-tls', 0, 2000),
];

const reasons = (store: typeof healthy, certificates: readonly OwnCertificate[] = valid) =>
  createReadiness(
    store,
    () => certificates,
    () => NOW,
  )();

test('a server that can write, with the newest schema and valid certificates, is ready', async () => {
  assert.deepEqual(await reasons(healthy), []);
});

test('each thing that does not work is a reason', async () => {
  const store = {
    tryWrite: () => Promise.reject(new Error('database or disk is full')),
    schemaVersion: async () => ({ found: 4, known: 3, isUsable: false }),
  };
  const expired = [
    certificate('dp-auth', 0, NOW - 1),
    certificate('dp-pb', NOW + 1, 2000),
    ...valid.slice(2),
  ];
  assert.deepEqual(await reasons(store, expired), [
    'the database cannot be written (database or disk is full)',
    'the database has schema 4, and this program needs 3: restart with the version that migrated it',
    'no dp-auth certificate is valid now: put a valid one into the PKI folder',
    'no dp-pb certificate is valid now: put a valid one into the PKI folder',
  ]);
});

test('one valid certificate of two curves is enough, and an expired CI is no reason', async () => {
  const more = [...valid, certificate('dp-tls', 0, 1), certificate('ci', 0, 1)];
  assert.deepEqual(await reasons(healthy, more), []);
});

test('many questions within a second cost one write', async () => {
  let [writes, now] = [0, NOW];
  const store = { ...healthy, tryWrite: async () => void writes++ };
  const readiness = createReadiness(
    store as typeof healthy,
    () => valid,
    () => now,
  );
  await Promise.all(Array.from({ length: 100 }, readiness));
  assert.equal(writes, 1);
  now += 1000;
  await readiness();
  assert.equal(writes, 2);
});
