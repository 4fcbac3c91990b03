import assert from 'node:assert/strict';
import type { ServerStore } from '../../ports/server-store.ts';
import { next } from '../records.harness.ts';

const bytes = (value: number) => new Uint8Array(32).fill(value);

/** An account with two events. */
async function eventsOf(store: ServerStore): Promise<string> {
  const [iccid, account] = [next.iccid(), next.matchingId()];
  const event = {
    type: 'profile.created',
    iccid,
    account,
    actor: { kind: 'system' },
    to: 'AVAILABLE',
  } as const;
  for (const at of [1, 2]) await store.save([{ event: { ...event, at } }]);
  return account;
}

/** All that waits for a link, as its own chain. */
async function linkAll(store: ServerStore) {
  const position = await store.chainPosition('event');
  const entries = await store.entriesToChain('event', position.lastEntry, 100);
  const accounts = [...new Set(entries.map(({ account }) => account))];
  const opened = await store.openChains('event', accounts, () => bytes(9));
  const chains = opened.map(({ number, account }) => {
    const links = entries
      .filter((entry) => entry.account === account)
      .map(({ id }) => ({ entry: id, salt: bytes(1), hash: bytes(2), head: bytes(3) }));
    return { number, lastEntry: links.at(-1)?.entry ?? 0, head: bytes(3), links };
  });
  const upTo = entries.at(-1)?.id ?? 0;
  return { position, entries, links: { log: 'event', position, upTo, chains } } as const;
}

/** The contract of the chains over the logs. */
export const chainContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'links are added once, and read back beside their entries': async (store) => {
    const account = await eventsOf(store);
    const { entries, links } = await linkAll(store);
    assert.deepEqual(await Promise.all([1, 2].map(() => store.addLinks(links))).then((all) => all.sort()), [
      'done',
      'stale',
    ]);
    assert.deepEqual(
      entries.map(({ content }) => JSON.parse(content).at),
      [1, 2],
    );
    assert.deepEqual(await store.entriesToChain('event', links.upTo, 9), []);
    const chain = await store.chainOf('event', account);
    assert.ok(chain);
    assert.deepEqual(
      [chain.lastEntry, chain.head, chain.cutEntry, chain.cutHead],
      [links.upTo, bytes(3), 0, bytes(9)],
    );
    assert.deepEqual(await store.chains(chain.number - 1, 9), [chain]);
    const part = await store.chainPart(chain, 0, 9);
    assert.deepEqual(part, { links: links.chains[0]?.links, entries });
    assert.deepEqual(await store.linkOf(chain.number, links.upTo), part.links.at(-1));
    assert.equal(await store.linkOf(chain.number, 0), undefined);
    assert.equal(await store.entryWithoutChain('event', links.upTo), undefined);
  },
  'an account whose entries have no chain is found': async (store) => {
    await eventsOf(store);
    await linkAll(store);
    const account = await eventsOf(store);
    const [first] = (await store.events({ account, count: 1 })).items;
    assert.equal((await store.entryWithoutChain('event', first?.id ?? 0))?.id, first?.id);
    assert.equal(await store.entryWithoutChain('event', (first?.id ?? 0) - 1), undefined);
  },
  'the beginning of a log is deleted with its links, once, and an audit entry says so': async (store) => {
    const account = await eventsOf(store);
    const { links } = await linkAll(store);
    await store.addLinks(links);
    const chain = (await store.chainOf('event', account)) ?? assert.fail();
    const { links: own, entries } = await store.chainPart(chain, 0, 9);
    const [{ entry, head } = assert.fail()] = own;
    const targets = ['event 1 00', 'event 2 00'];
    const cut = { chain, entry, head, entries: entries.slice(0, 1), at: 7, targets };
    assert.deepEqual((await Promise.all([store.cut(cut), store.cut(cut)])).toSorted(), ['done', 'stale']);
    assert.equal(
      await store.cut({ ...cut, chain: { ...chain, cutEntry: entry }, entry: chain.lastEntry + 1 }),
      'stale',
    );
    const after = (await store.chainOf('event', account)) ?? assert.fail();
    assert.deepEqual(after, { ...chain, cutEntry: entry, cutHead: head });
    assert.deepEqual(await store.chainPart(after, 0, 9), { links: own.slice(1), entries: entries.slice(1) });
    for (const target of targets) {
      const [record, ...others] = await store.entriesBySystem(account, 'cutLog', target);
      assert.deepEqual([record?.at, others], [7, []]);
    }
    const audit = (await store.auditEntries({ account, count: 9 })).items;
    assert.deepEqual(
      audit.map((one) => one.targets),
      [targets],
    );
  },
  'audit entries are deleted with their targets': async (store) => {
    const account = next.matchingId();
    for (const target of ['one', 'two'])
      await store.addAuditEntry({ at: 1, account, operation: 'test', targets: [target, `${target} more`] });
    const position = await store.chainPosition('audit');
    const found = await store.entriesToChain('audit', position.lastEntry, 999);
    const entries = found.filter((entry) => entry.account === account);
    const [{ number } = assert.fail()] = await store.openChains('audit', [account], () => bytes(9));
    const links = entries.map(({ id }) => ({ entry: id, salt: bytes(1), hash: bytes(2), head: bytes(3) }));
    const lastEntry = entries.at(-1)?.id ?? 0;
    await store.addLinks({
      log: 'audit',
      position,
      upTo: lastEntry,
      chains: [{ number, lastEntry, head: bytes(3), links }],
    });
    const chain = (await store.chainOf('audit', account)) ?? assert.fail();
    const [first = assert.fail()] = entries;
    const cut = { chain, entry: first.id, head: bytes(3), entries: [first], at: 7, targets: ['audit 1 00'] };
    assert.equal(await store.cut(cut), 'done');
    const of = async (target: string) =>
      (await store.auditEntries({ account, target, count: 9 })).items.length;
    assert.deepEqual(
      await Promise.all(['one', 'one more', 'two', 'two more', 'audit 1 00'].map(of)),
      [0, 0, 1, 1, 1],
    );
  },
  'the content of an audit entry is erased once, with its targets and its salt, and an entry says why':
    async (store) => {
      const account = next.matchingId();
      const personal = {
        keyId: 'k1',
        operator: 'o',
        address: '192.0.2.7',
        code: 'c',
        requestId: 'r',
        targetCount: 9,
      };
      const targets = ['one', 'two'];
      await store.addAuditEntry({ at: 1, account, operation: 'test', status: 200, targets, ...personal });
      const [entry = assert.fail()] = (await store.auditEntries({ account, count: 9 })).items;
      const position = await store.chainPosition('audit');
      const [{ number } = assert.fail()] = await store.openChains('audit', [account], () => bytes(9));
      const links = [{ entry: entry.id, salt: bytes(1), hash: bytes(2), head: bytes(3) }];
      const chains = [{ number, lastEntry: entry.id, head: bytes(3), links }];
      assert.equal(await store.addLinks({ log: 'audit', position, upTo: entry.id, chains }), 'done');
      const erasure = { account, id: entry.id, at: 7, reason: 'because' };
      assert.equal(await store.eraseAuditEntry({ ...erasure, account: next.matchingId() }), 'unknown');
      assert.deepEqual(await Promise.all([1, 2].map(() => store.eraseAuditEntry(erasure))), [
        'erased',
        'erased',
      ]);
      assert.equal(await store.eraseAuditEntry({ ...erasure, at: 8 }), 'erased');
      const [record, erased, ...others] = (await store.auditEntries({ account, count: 9 })).items;
      assert.deepEqual(others, []);
      assert.deepEqual(erased, {
        id: entry.id,
        at: 1,
        account,
        operation: 'test',
        targets: [],
        status: 200,
        erasedAt: 7,
      });
      const target = `audit ${entry.id}`;
      assert.deepEqual(record, {
        id: record?.id,
        at: 7,
        account,
        operation: 'eraseLogEntries',
        targets: [target],
        reason: 'because',
      });
      assert.equal((await store.linkOf(number, entry.id))?.salt, undefined);
      const of = async (one: string) =>
        (await store.auditEntries({ account, target: one, count: 9 })).items.length;
      assert.deepEqual(await Promise.all(['one', 'two', target].map(of)), [0, 0, 1]);
      assert.equal(await store.eraseAuditEntry({ ...erasure, id: record?.id ?? 0 }), 'record');
      const before = await store.chainPosition('audit');
      await store.addAuditEntry({ at: 2, account, operation: 'test', targets });
      const [last = assert.fail()] = (await store.auditEntries({ account, count: 1 })).items;
      assert.equal(await store.eraseAuditEntry({ ...erasure, id: last.id }), 'erased');
      assert.equal(
        await store.addLinks({ log: 'audit', position: before, upTo: last.id, chains: [] }),
        'stale',
      );
    },
  'the first event that a pending delivery needs is found': async (store) => {
    const account = next.matchingId();
    const delivery = {
      kind: 'webhook',
      target: account,
      account,
      type: 'profile.created',
      iccid: next.iccid(),
    } as const;
    const first = () => store.firstEventToDeliver(account, 100);
    assert.equal(await first(), undefined);
    for (const [eventId, createdAt] of [
      [9, 10],
      [7, 11],
      [5, 100],
    ] as const)
      await store.addDelivery({ ...delivery, eventId, createdAt });
    await store.addDelivery({ ...delivery, createdAt: 1 });
    assert.equal(await first(), 7);
    await store.skipDeliveries(delivery, 'gone');
    assert.equal(await first(), undefined);
  },
  'a lease is taken by one node at a time': async (store) => {
    const lease = { name: 'job', now: 1000, until: 2000 };
    assert.equal(await store.takeLease({ ...lease, node: 'one' }), true);
    assert.equal(await store.takeLease({ ...lease, node: 'two' }), false);
    assert.equal(await store.takeLease({ ...lease, node: 'two', now: 2001 }), true);
  },
  'anchors are numbered for each key, and added once': async (store) => {
    const anchor = { key: 'k1', number: 1, at: 5, line: '{"anchor":{}}' };
    const others = [
      { ...anchor, number: 2, at: 7 },
      { ...anchor, key: 'k2', at: 6 },
    ];
    for (const one of [anchor, ...others]) assert.equal(await store.addAnchor(one), true);
    assert.equal(await store.addAnchor({ ...anchor, line: 'another' }), false);
    assert.deepEqual(await store.anchors(undefined, 9), [anchor, ...others]);
    assert.deepEqual(await store.anchors(anchor, 1), [others[0]]);
    assert.deepEqual([await store.lastAnchor('k2'), await store.lastAnchor()], [others[1], others[0]]);
    assert.equal(await store.lastAnchor('k3'), undefined);
  },
  'an anchor and the deliveries that send it are added together, or none of them': async (store) => {
    const anchor = { key: 'k1', number: 1, at: 5, line: '{"anchor":{}}' };
    const log = { kind: 'anchor', target: 'anchors' } as const;
    const delivery = { ...log, account: '', type: 'log.anchored', iccid: '', createdAt: 5 };
    const factsOf = async () =>
      (await store.deliveries({ ...log, count: 9 })).items.map(({ facts }) => facts);
    assert.equal(await store.addAnchor(anchor, [{ ...delivery, facts: { key: 'k1', number: '1' } }]), true);
    assert.equal(await store.addAnchor(anchor, [{ ...delivery, facts: { key: 'k1', number: '2' } }]), false);
    assert.deepEqual(await factsOf(), [{ key: 'k1', number: '1' }]);
    const pending = await store.pendingTargets('anchor');
    assert.deepEqual(
      pending.map(({ target, account }) => [target, account]),
      [['anchors', '']],
    );
  },
};
