import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CoreNetwork, makeCoreCredentials } from '../../store/ports/gateway/core-networks.ts';
import { openMemoryStore } from '../../store/sqlite/memory.harness.ts';
import { ALERT_AFTER_MS, recordFailing } from './record-failing.ts';

const NOW = 1_700_000_000_000;
const terms = { amf: '8000', sqn: 0, apn: 'internet', sst: 1, ambrDownlinkMbps: 1, ambrUplinkMbps: 1 };
const plain: CoreNetwork = {
  ...{ account: 'lab', name: 'hlr', kind: 'osmohlr', url: 'ctrl://hlr.example.com:4259' },
  settings: { when: 'released', remove: true, profileTypes: [], terms },
  credentials: makeCoreCredentials({}),
  after: 0,
  createdAt: 1,
};

test('a core network that fails for ten minutes raises one alert, and another one only after it has worked again', async () => {
  const store = await openMemoryStore();
  await store.addAccount({ id: 'lab', name: 'Lab', createdAt: 1 });
  await store.addCoreNetwork(plain, 9);
  const recipient = { account: 'lab', address: 'a@example.com', language: 'en', createdAt: 1 };
  await store.putMailRecipient({ ...recipient, kinds: ['core_network_failing'] }, 9);
  const attempt = async (outcome: Parameters<typeof recordFailing>[1]['outcome'], minutes: number) => {
    const core = (await store.coreNetwork('lab', 'hlr')) ?? assert.fail();
    await recordFailing(store, { core, outcome, sendsMail: true }, NOW + minutes * 60_000);
    const { items } = await store.deliveries({ kind: 'mail', account: 'lab', count: 9 });
    return items.map(({ facts }) => facts?.reason);
  };
  const fail = (error: string, minutes: number) => attempt({ state: 'refused', error }, minutes);
  assert.deepEqual(await fail('no response', 0), []);
  assert.deepEqual(await attempt({ state: 'skipped', error: 'nothing to do' }, 5), []);
  assert.deepEqual(await fail('no response', 9), []);
  assert.deepEqual(await fail('refused', ALERT_AFTER_MS / 60_000), ['refused']);
  assert.deepEqual(await fail('no response', 20), ['refused']);
  const { failing } = (await store.coreNetwork('lab', 'hlr')) ?? assert.fail();
  assert.deepEqual(failing, { since: NOW, error: 'no response', isReported: true });
  assert.deepEqual(await attempt({ state: 'delivered' }, 21), ['refused']);
  assert.equal((await store.coreNetwork('lab', 'hlr'))?.failing, undefined);
  await fail('again', 30);
  assert.deepEqual(await fail('again', 41), ['again', 'refused']);
});
