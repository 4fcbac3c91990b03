import assert from 'node:assert/strict';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { orderOf } from '@esim-rsp/smdp/state/profile';
import { put, released, saved, stocked } from '../contract/records.harness.ts';
import type { ServerStore } from '../ports/server-store.ts';
import { UnreadableRecordError } from '../ports/unreadable-rows.ts';
import { masterKeyOf } from './master-key.ts';

/** A database of an engine, which tests also change behind the back of the store. */
export type Database = {
  open(): Promise<ServerStore>;
  run(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
};

/** Makes of MatchingIDs what an earlier release has stored. */
async function unseal({ run }: Database, profiles: readonly ReturnType<typeof released>[]): Promise<void> {
  for (const { iccid, order } of profiles)
    await run(
      `update profile set matching_id = '${order.matchingId}', matching_id_sealed = null where iccid = '${iccid}'`,
    );
  await run('update data_key set refuses_plain = null');
  await run('delete from sealed_table');
}

const atUpstream = (matchingId: string) =>
  released({ matchingId: matchingId as MatchingId }, { upstream: 'vendor' });

/** Makes of MatchingIDs of upstreams what they were before they had a hash, and what the migration makes of that. */
async function forgetLookups({ run }: Database): Promise<void> {
  await run('update profile set upstream_matching_id_hash = null');
  await run("delete from sealed_table where name = 'profile'");
}

async function sealAll(store: ServerStore): Promise<void> {
  for (let part = await store.sealSome(); part.table !== undefined; ) part = await store.sealSome();
  await store.refusePlain();
}

/** A store whose database has everything sealed, and so refuses what is not. */
async function sealedStore(database: Database) {
  const store = await database.open();
  const [one, other] = [released(), released()];
  await put(store, { profile: one }, { profile: other });
  await sealAll(store);
  assert.equal((await store.secretsStatus()).refusesPlain, true);
  return { store, one, other };
}

const isUnreadable = (error: unknown) => error instanceof UnreadableRecordError;

export const plainValueChecks: Readonly<Record<string, (database: Database) => Promise<void>>> = {
  'MatchingIDs of an earlier release are found and unique, before, while and after they are sealed': async (
    database,
  ) => {
    const first = await database.open();
    const early = Array.from({ length: 150 }, () => released());
    await put(first, ...early.map((profile) => ({ profile })));
    await first.close();
    await unseal(database, early);
    const store = await database.open();
    const late = released();
    const check = async () => {
      for (const { iccid, order } of [early[0] ?? late, early[149] ?? late, late]) {
        assert.equal((await store.profileByMatchingId(order.matchingId))?.iccid, iccid);
        const view = await store.profileView('operator', iccid);
        assert.equal(view?.order?.matchingId, order.matchingId);
        const taken = released({ matchingId: order.matchingId });
        assert.equal(await store.save([{ profile: taken }]), 'matchingIdTaken');
      }
    };
    await put(store, { profile: late });
    await check();
    assert.deepEqual(await store.profile(early[1]?.iccid ?? late.iccid), saved(early[1] ?? late));
    await put(store, { profile: { ...saved(early[1] ?? late), changedAt: 1_800_000_000 } });
    let [parts, ofProfiles] = [0, 0];
    for (let part = await store.sealSome(); part.table !== undefined; part = await store.sealSome()) {
      parts += 1;
      if (part.table === 'profile') ofProfiles += part.sealed;
      if (part.table === 'profile') await check();
    }
    assert.ok(parts > 7);
    assert.equal(ofProfiles, 149, 'all but the one that has changed meanwhile');
    await check();
    await store.refusePlain();
    await check();
    await store.close();
    for (const row of await database.run('select matching_id, matching_id_sealed from profile')) {
      assert.match(String(row.matching_id), /^~hash:[\w-]{43}$/);
      assert.match(String(row.matching_id_sealed), /^~sealed:/);
    }
  },

  'MatchingIDs of upstreams of an earlier release are found when the job has seen them, and new ones at once':
    async (database) => {
      const first = await database.open();
      const early = Array.from({ length: 150 }, (_, i) => atUpstream(`Early-${i}`));
      await put(first, ...early.map((profile) => ({ profile })));
      await first.close();
      const plain = early[149]?.iccid;
      await forgetLookups(database);
      await database.run(`update profile set upstream_matching_id = 'Early-149' where iccid = '${plain}'`);
      const store = await database.open();
      const found = async (id: string) =>
        (await store.profilesByUpstreamMatchingId('operator', id, 9)).map(({ iccid }) => iccid);
      await put(store, { profile: atUpstream('Late') });
      assert.equal((await found('Late')).length, 1);
      assert.deepEqual(await found('Early-0'), []);
      const changed = saved(early[1] ?? assert.fail());
      await put(store, { profile: { ...changed, changedAt: 1_800_000_000 } });
      assert.deepEqual(await found('Early-1'), [changed.iccid]);
      const checkAll = async () => {
        await sealAll(store);
        for (const i of [0, 1, 100, 149])
          assert.deepEqual(await found(`Early-${i}`), [early[i]?.iccid], `${i}`);
      };
      await checkAll();
      await forgetLookups(database); // values that are not sealed are refused by now
      await checkAll();
      assert.deepEqual(await store.profile(early[0]?.iccid ?? changed.iccid), saved(early[0] ?? changed));
      await store.close();
      for (const row of await database.run(
        'select upstream_matching_id, upstream_matching_id_hash from profile',
      )) {
        assert.match(String(row.upstream_matching_id_hash), /^~hash:[\w-]{43}$/);
        assert.match(String(row.upstream_matching_id), /^~sealed:/);
      }
    },

  'who moves the hash of a MatchingID of an upstream finds no other order by it': async (database) => {
    const store = await database.open();
    const [one, other] = [atUpstream('One'), atUpstream('Other')];
    await put(store, { profile: one }, { profile: other });
    await sealAll(store);
    await database.run(
      `update profile set upstream_matching_id_hash = (select upstream_matching_id_hash from profile where iccid = '${one.iccid}')`,
    );
    assert.deepEqual(await store.profilesByUpstreamMatchingId('operator', 'One', 9), [saved(one)]);
    assert.deepEqual(
      store.unreadableRows().map(({ row }) => row),
      [`profile ${other.iccid}`],
    );
    assert.deepEqual(await store.profile(other.iccid), saved(other));
    await store.close();
  },

  'a MatchingID of an upstream in the place of its hash is listed, and hashed': async (database) => {
    const store = await database.open();
    const [one, other] = [atUpstream('One'), atUpstream('Other')];
    const stock = stocked({ upstream: 'vendor' });
    await put(store, { profile: one }, { profile: other }, { profile: stock });
    await sealAll(store);
    const { iccid } = one;
    await database.run(`update profile set upstream_matching_id = 'Planted' where iccid = '${iccid}'`);
    await database.run(`update profile set upstream_matching_id_hash = 'PLANTED' where iccid <> '${iccid}'`);
    const found = await store.plainRecords(10);
    assert.deepEqual(
      found.map(({ columns }) => columns),
      [['upstream_matching_id'], ['upstream_matching_id_hash'], ['upstream_matching_id_hash']],
    );
    assert.deepEqual(await store.profilesByUpstreamMatchingId('operator', 'PLANTED', 9), []);
    for (const record of found) assert.equal(await store.sealPlain(record), 'sealed');
    assert.deepEqual(await store.plainRecords(10), []);
    for (const [id, profile] of [
      ['Planted', one],
      ['Other', other],
    ] as const)
      assert.equal((await store.profilesByUpstreamMatchingId('operator', id, 9))[0]?.iccid, profile.iccid);
    const [row] = await database.run(
      `select upstream_matching_id_hash from profile where iccid = '${stock.iccid}'`,
    );
    assert.equal(row?.upstream_matching_id_hash, null);
    await store.close();
  },

  'a secret that somebody has written without sealing it is refused, and nothing else is': async (
    database,
  ) => {
    const { store, one, other } = await sealedStore(database);
    const plant = (what: string) => database.run(`update profile set ${what} where iccid = '${one.iccid}'`);
    for (const what of [
      "matching_id = '~hash:', matching_id_sealed = null",
      "matching_id = 'PLANTED', matching_id_sealed = null",
      "matching_id = 'PLANTED', matching_id_sealed = 'PLANTED'",
      "matching_id = '~hash:', matching_id_sealed = 'PLANTED'",
    ]) {
      await plant(what);
      await assert.rejects(store.profile(one.iccid), isUnreadable, what);
      await assert.rejects(store.profileView('operator', one.iccid), isUnreadable, what);
      assert.equal(await store.profileByMatchingId('PLANTED' as never), undefined, what);
    }
    assert.deepEqual(await store.profile(other.iccid), saved(other));
    await store.close();
    const again = await database.open();
    await assert.rejects(again.profile(one.iccid), isUnreadable);
    assert.match(again.unreadableRows()[0]?.reason ?? '', /not sealed, .* restore a backup, or see/);
    await again.close();
  },

  'values that are not sealed are listed, and sealed as they are when somebody wants it': async (
    database,
  ) => {
    const { store, one, other } = await sealedStore(database);
    await put(store, {
      profile: stocked(),
      content: { package: new Uint8Array(9).fill(1) },
    });
    assert.deepEqual(await store.plainRecords(10), []);
    const { iccid } = one;
    await database.run(
      `update profile set matching_id = 'PLANTED', matching_id_sealed = 'X' where iccid = '${iccid}'`,
    );
    await database.run(`update profile_content set package = null, parameters = '{"planted":1}'`);
    const found = await store.plainRecords(10);
    assert.deepEqual(
      found.map(({ table, columns, account }) => [table, columns.toSorted(), account]),
      [
        ['profile', ['matching_id', 'matching_id_sealed'], 'operator'],
        ['profile_content', ['parameters'], 'operator'],
      ],
    );
    assert.deepEqual((await store.plainRecords(0)).length, 0);
    for (const record of found) assert.equal(await store.sealPlain(record), 'sealed', record.table);
    for (const record of found) assert.equal(await store.sealPlain(record), 'unknown');
    assert.equal(await store.sealPlain({ table: 'account', key: ['a'] }), 'unknown');
    assert.equal(await store.sealPlain({ table: 'profile', key: ['none'] }), 'unknown');
    assert.deepEqual(await store.plainRecords(10), []);
    assert.equal((await store.profileByMatchingId('PLANTED' as never))?.iccid, iccid);
    assert.equal((await store.profileView('operator', iccid))?.order?.matchingId, 'PLANTED');
    const [content] = await database.run('select parameters from profile_content');
    assert.match(String(content?.parameters), /^~sealed:/);

    await database.run(`update profile set matching_id = 'PLANTED' where iccid = '${other.iccid}'`);
    const twin = { table: 'profile', key: [other.iccid] };
    assert.equal(await store.sealPlain(twin), 'taken');
    await database.run(`update profile set matching_id = 'FREE' where iccid = '${other.iccid}'`);
    assert.equal(await store.sealPlain(twin), 'sealed');
    assert.equal((await store.profileByMatchingId('FREE' as never))?.iccid, other.iccid);
    await store.close();
  },

  'who moves a hash to another order opens no other order with its MatchingID': async (database) => {
    const { store, one, other } = await sealedStore(database);
    const [stored] = await database.run(`select matching_id from profile where iccid = '${one.iccid}'`);
    await database.run(`update profile set matching_id = '~hash:gone' where iccid = '${one.iccid}'`);
    await database.run(
      `update profile set matching_id = '${stored?.matching_id}' where iccid = '${other.iccid}'`,
    );
    await assert.rejects(store.profileByMatchingId(one.order.matchingId), isUnreadable);
    await store.close();
  },

  'the database cannot say that values that are not sealed are accepted again': async (database) => {
    const { store } = await sealedStore(database);
    await store.addDataKey(Date.now() - 1);
    await store.close();
    await database.run('update data_key set refuses_plain = null where id = 2');
    await assert.rejects(database.open(), /data key 2 was changed: restore a backup/);
    await database.run('update data_key set refuses_plain = 1 where id = 2');
    await (await database.open()).close();
  },

  'new keys seal MatchingIDs again, and they are found by the same hash': async (database) => {
    const { store, one } = await sealedStore(database);
    const there = atUpstream('aZ/theirs');
    await put(store, { profile: there });
    const rowOf = async (iccid: string) =>
      (await database.run(`select * from profile where iccid = '${iccid}'`))[0];
    const [read, readThere] = [() => rowOf(one.iccid), () => rowOf(there.iccid)];
    const before = await read();
    const beforeThere = await readThere();
    await store.addDataKey(Date.now() - 1);
    await sealAll(store);
    const after = await read();
    assert.equal(after?.matching_id, before?.matching_id);
    assert.notEqual(after?.matching_id_sealed, before?.matching_id_sealed);
    const found = await store.profileByMatchingId(one.order.matchingId);
    assert.equal(orderOf(found ?? assert.fail())?.matchingId, one.order.matchingId);
    const afterThere = await readThere();
    assert.equal(afterThere?.upstream_matching_id_hash, beforeThere?.upstream_matching_id_hash);
    assert.notEqual(afterThere?.upstream_matching_id, beforeThere?.upstream_matching_id);
    await store.rewrapDataKeys(masterKeyOf(new Uint8Array(32).fill(8)));
    assert.deepEqual(await readThere(), afterThere);
    assert.deepEqual(await store.profilesByUpstreamMatchingId('operator', 'aZ/theirs', 9), [saved(there)]);
    await store.close();
  },
};
