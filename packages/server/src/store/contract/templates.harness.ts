import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { masterKeyOf } from '@esim-rsp/sgp22/profile/derived-secrets';
import { type Iccid, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { Template } from '@esim-rsp/smdp/state/template';
import type { ServerStore } from '../ports/server-store.ts';
import { stocked } from './records.harness.ts';

const plain: Template = {
  id: '01',
  account: 'lab',
  profileType: 'plain',
  terms: { common: {} },
  starts: { iccidStart: '890010100000000001', imsiStart: '001010000000001' },
  size: 10,
  passed: 0,
  createdAt: 1,
};
const full: Template = {
  ...plain,
  id: '02',
  profileType: 'full',
  terms: {
    common: { algorithm: 'tuak', mncLength: 3, smsc: '+491', serviceProviderName: 'Example' },
    profileName: 'Travel "10 GB"',
    profileClass: 'test',
    icon: Uint8Array.of(0x89, 0x50),
    owner: { mccMnc: '00101', gid1: Uint8Array.of(1) },
    notifications: ['notificationInstall'],
  },
  starts: { ...plain.starts, msisdnStart: '+4915100' },
  masterKey: masterKeyOf(new Uint8Array(16).fill(0xa7)),
};

async function withTemplates(store: ServerStore): Promise<void> {
  for (const id of ['lab', 'other']) await store.addAccount({ id, name: id, createdAt: 1 });
  for (const template of [plain, full]) assert.equal(await store.addTemplate(template, 3), 'added');
}

/** The contract of templates. */
export const templateContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'templates are read back as they were added, by type, one for each': async (store) => {
    await withTemplates(store);
    assert.deepEqual(await store.templates('lab'), [full, plain]);
    assert.deepEqual(await store.templates('other'), []);
    assert.deepEqual(await store.template('lab', 'full'), full);
    assert.equal(await store.template('other', 'full'), undefined);
    assert.equal(await store.addTemplate({ ...plain, id: '03' }, 3), 'exists');
    assert.equal(await store.addTemplate({ ...plain, id: '03', profileType: 'third' }, 2), 'full');
    assert.equal(await store.addTemplate({ ...plain, id: '04', account: 'other' }, 1), 'added');
  },
  'a template is deleted once, and only that of its account': async (store) => {
    await withTemplates(store);
    assert.equal(await store.deleteTemplate('other', 'plain'), 'unknown');
    assert.equal(await store.deleteTemplate('lab', 'plain'), 'deleted');
    assert.equal(await store.deleteTemplate('lab', 'plain'), 'unknown');
    assert.deepEqual(await store.templates('lab'), [full]);
  },
  'the count of used numbers only grows, and that of a deleted template changes nothing': async (store) => {
    await withTemplates(store);
    const passed = async () => (await store.template('lab', 'plain'))?.passed;
    for (const [numbers, expected] of [
      [3, 3],
      [2, 3],
      [10, 10],
    ] as const) {
      assert.equal(await store.save([{ passed: { template: '01', numbers } }]), 'saved');
      assert.equal(await passed(), expected);
    }
    const gone = { passed: { template: 'ff', numbers: 1 } };
    const profile = stocked();
    assert.equal(await store.save([gone, { profile }]), 'saved');
    assert.equal((await store.profile(profile.iccid))?.version, 1);
    assert.equal((await store.template('lab', 'full'))?.passed, 0);
  },
  'a save that is stale uses no numbers': async (store) => {
    await withTemplates(store);
    const profile = stocked();
    await store.save([{ profile }]);
    assert.equal(await store.save([{ passed: { template: '01', numbers: 5 } }, { profile }]), 'stale');
    assert.equal((await store.template('lab', 'plain'))?.passed, 0);
  },
  'the ICCIDs that have a profile are found, whoever owns them': async (store) => {
    const iccids = [0, 1, 2, 3, 4].map((n): Iccid => parseIccid(`8911111111111111${n}00`));
    for (const [i, iccid] of iccids.entries())
      await store.save([{ profile: stocked({ iccid, account: `a${i}` }) }]);
    const others = [...Array(600).keys()].map((n) =>
      parseIccid(`8922222222222222${String(n).padStart(3, '0')}`),
    );
    const some = [...others.slice(0, 300), ...iccids.slice(1, 4), ...others.slice(300)];
    assert.deepEqual(await store.takenIccids(some), iccids.slice(1, 4));
    assert.deepEqual(await store.takenIccids([]), []);
  },
  'a master key that was read cannot be printed': async (store) => {
    await withTemplates(store);
    const read = await store.template('lab', 'full');
    assert.ok(!/a7a7|167,/.test(JSON.stringify(read) + inspect(read, { depth: 9 })));
  },
};
