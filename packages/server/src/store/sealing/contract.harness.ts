import assert from 'node:assert/strict';
import { put, stocked } from '../contract/records.harness.ts';
import type { ServerStore } from '../ports/server-store.ts';
import { masterKeyOf } from './master-key.ts';

export const secretContract: Readonly<Record<string, (store: ServerStore) => Promise<void>>> = {
  'secrets are sealed again with a new data key, a part at a time, and stay the same': async (store) => {
    const profiles = Array.from({ length: 120 }, () => stocked());
    const content = { package: new Uint8Array(300).fill(0x30) };
    for (const profile of profiles) await put(store, { profile, content });
    const { masterKey, dataKeys } = await store.secretsStatus();
    assert.ok(masterKey);
    assert.equal(dataKeys.length, 1);
    assert.equal(await store.addDataKey(Date.now() - 1), 2);
    assert.ok((await store.secretsStatus()).unfinished.includes('profile_content'));
    const parts = [];
    for (let part = await store.sealSome(); part.table !== undefined; part = await store.sealSome())
      parts.push(part);
    const ofContents = parts.filter(({ table }) => table === 'profile_content');
    assert.deepEqual(
      ofContents.map(({ rows, sealed }) => [rows, sealed]),
      [
        [100, 100],
        [20, 20],
      ],
    );
    const { unfinished, dataKeys: after } = await store.secretsStatus();
    assert.deepEqual(unfinished, []);
    assert.deepEqual(
      after.map(({ id }) => id),
      [1, 2],
    );
    for (const { iccid } of profiles) assert.deepEqual(await store.content(iccid), content);
    assert.deepEqual(await store.sealSome(), { rows: 0, sealed: 0 });
  },

  'a secret of a file is sealed for its place, and a new data key leaves it readable': async (store) => {
    const secret = new Uint8Array(200).fill(5);
    const sealed = (await store.sealForFile('key a', secret)) ?? assert.fail();
    assert.ok(!Buffer.from(sealed).includes(secret.subarray(0, 8)));
    await store.addDataKey(Date.now() - 1);
    assert.deepEqual(await store.openFromFile('key a', sealed), secret);
    await assert.rejects(store.openFromFile('key b', sealed), /another place, or changed/);
    await assert.rejects(store.openFromFile('key a', secret), /not a sealed value/);
    const unknown = Uint8Array.from(sealed);
    unknown[9] = 77;
    await assert.rejects(store.openFromFile('key a', unknown), /data key 77, which this process does not/);
  },

  'a data key is not used before its time': async (store) => {
    await store.addDataKey(Date.now() + 3_600_000);
    const profile = stocked();
    await put(store, { profile, content: { package: new Uint8Array(10) } });
    assert.deepEqual(await store.content(profile.iccid), { package: new Uint8Array(10) });
    let sealed = 0;
    for (let part = await store.sealSome(); part.table !== undefined; part = await store.sealSome())
      sealed += part.sealed;
    assert.equal(sealed, 0, 'what is sealed with the key in force stays as it is');
  },
};

/** What leaves a store behind that another master key opens. */
export const rewrapContract: Readonly<Record<string, (store: ServerStore) => Promise<void>>> = {
  'the data keys are wrapped with another master key, and only who has it can wrap them again': async (
    store,
  ) => {
    const [next, third] = [masterKeyOf(new Uint8Array(32).fill(8)), masterKeyOf(new Uint8Array(32).fill(9))];
    const profile = stocked();
    await put(store, { profile, content: { package: new Uint8Array(10) } });
    await store.rewrapDataKeys(next);
    assert.equal((await store.secretsStatus()).masterKey, next.id);
    assert.deepEqual(await store.content(profile.iccid), { package: new Uint8Array(10) });
    await assert.rejects(store.rewrapDataKeys(third), /sealed with the master key .*, but the .+ has/);
    await assert.rejects(store.addDataKey(0), /sealed with the master key/);
  },
};
