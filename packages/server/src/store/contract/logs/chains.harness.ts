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
};
