import assert from 'node:assert/strict';
import { linkedOrderOf } from '@esim-rsp/smdp/state/install-link';
import type { OrderId } from '@esim-rsp/smdp/state/order';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import type { InstallLink } from '../../ports/install/links.ts';
import type { ServerStore } from '../../ports/server-store.ts';
import { put, released, type StoreTest, saved } from '../records.harness.ts';

let counter = 0;

function linkTo(profile: Profile, members: Partial<InstallLink> = {}): InstallLink {
  const { account } = profile;
  const hash = `hash-${++counter}`;
  return { ...linkedOrderOf(profile), hash, account, createdAt: 100, expiresAt: 900, views: 0, ...members };
}

/** A profile with an order that has an id. */
async function orderedProfile(
  store: ServerStore,
  id: string | null = `order-${++counter}`,
): Promise<Profile> {
  const profile = released(id === null ? {} : { id: id as OrderId });
  await put(store, { profile });
  return saved(profile);
}

/** The contract of the links under which customers install their profiles. */
export const installLinkContract: Record<string, StoreTest> = {
  'an install link is found by the hash of its token and by its order': async (store) => {
    const profile = await orderedProfile(store);
    const link = linkTo(profile, { viewedAt: 3, replacedAt: 4, helpAskedAt: 5 });
    assert.equal(await store.addInstallLink(link), 'added');
    assert.deepEqual(await store.installLink(link.hash), link);
    assert.deepEqual(await store.installLinkOf(linkedOrderOf(profile)), link);
    assert.equal(await store.installLink('another'), undefined);
    assert.equal(await store.installLinkOf({ iccid: profile.iccid }), undefined);
    const old = await orderedProfile(store, null);
    const own = linkTo(old);
    await store.addInstallLink(own);
    assert.deepEqual(await store.installLinkOf({ iccid: old.iccid }), own);
  },

  'the page of a link has its profile with the id of the order, and the brand of the account': async (
    store,
  ) => {
    const account = `account-${++counter}`;
    const profile = released({ id: 'order-of-page' as OrderId }, { account });
    await put(store, { profile });
    const link = linkTo(profile, { views: 3, viewedAt: 4, replacedAt: 5, helpAskedAt: 6 });
    await store.addInstallLink(link);
    const shown = { ...(await store.profileView(account, profile.iccid)), orderId: 'order-of-page' };
    assert.deepEqual(await store.linkedPage(link.hash), { link, profile: shown });
    assert.equal(shown.order?.matchingId, profile.order.matchingId);
    await store.addAccount({ id: account, name: 'The shop', createdAt: 1 });
    const brand = { name: 'Shop', colour: '#123456', supportEmail: 'help@shop.example', language: 'de' };
    await store.updateBrand(account, () => brand);
    assert.deepEqual(await store.linkedPage(link.hash), {
      link,
      profile: shown,
      brand: { ...brand, accountName: 'The shop' },
    });
    assert.equal(await store.linkedPage('another'), undefined);
    const plain = await orderedProfile(store, null);
    const other = linkTo(plain);
    await store.addInstallLink(other);
    const { profile: seen } = (await store.linkedPage(other.hash)) ?? {};
    assert.deepEqual([seen?.iccid, seen?.orderId], [plain.iccid, undefined]);
  },

  'a new install link replaces that of the same order, and those that have expired, and no other': async (
    store,
  ) => {
    const profile = await orderedProfile(store);
    const other = await orderedProfile(store);
    const links = [
      linkTo(profile),
      linkTo(profile, { order: 'earlier' as OrderId }),
      linkTo(profile, { order: 'expired' as OrderId, expiresAt: 149 }),
      linkTo(other),
    ] as const;
    for (const link of links) assert.equal(await store.addInstallLink(link), 'added');
    await store.addInstallLink(linkTo(profile, { createdAt: 150 }));
    const found = await Promise.all(links.map(({ hash }) => store.installLink(hash)));
    assert.deepEqual(found, [undefined, links[1], undefined, links[3]]);
  },

  'a link that is sent is stored with its mail, and its URL is read by its hash alone': async (store) => {
    const profile = await orderedProfile(store);
    const earlier = linkTo(profile);
    await store.addInstallLink(earlier);
    const link = linkTo(profile, { createdAt: 150 });
    const url = `https://esim.example.com/i/${link.hash}`;
    const { account, iccid } = profile;
    const mail = {
      ...({ kind: 'mail', target: 'anna@example.com', type: 'install_link', createdAt: 150 } as const),
      ...{ account, iccid, facts: { link_id: link.hash } },
    };
    const delivery = await store.sendInstallLink(link, url, mail);
    assert.ok(delivery !== 'unknown');
    assert.deepEqual(await store.delivery(delivery.id), delivery);
    assert.deepEqual(delivery.facts, mail.facts);
    assert.deepEqual(await store.installLink(link.hash), { ...link, sentDelivery: delivery.id });
    assert.equal(await store.sentUrl(link.hash), url);
    assert.equal(await store.installLink(earlier.hash), undefined);
    assert.equal(await store.sentUrl('another'), undefined);
    const again = await store.resendInstallLink(link.hash, mail);
    assert.deepEqual(await store.delivery(again.id), again);
    assert.deepEqual(await store.installLink(link.hash), { ...link, sentDelivery: again.id });
    const late = await store.resendInstallLink('another', mail);
    assert.equal((await store.delivery(late.id))?.state, 'pending');
    const own = linkTo(await orderedProfile(store));
    await store.addInstallLink(own);
    assert.equal(await store.sentUrl(own.hash), undefined);
  },

  'deleting the install links of a profile deletes those of its earlier orders, and no others': async (
    store,
  ) => {
    const [profile, other] = [await orderedProfile(store), await orderedProfile(store)];
    const links = [linkTo(profile), linkTo(profile, { order: 'earlier' as OrderId }), linkTo(other)] as const;
    for (const link of links) await store.addInstallLink(link);
    assert.equal(await store.deleteInstallLinks(profile.iccid), 'deleted');
    assert.equal(await store.deleteInstallLinks(profile.iccid), 'unknown');
    const found = await Promise.all(links.map(({ hash }) => store.installLink(hash)));
    assert.deepEqual(found, [undefined, undefined, links[2]]);
  },

  'views are added to those before, and views of links that are gone are skipped': async (store) => {
    const link = linkTo(await orderedProfile(store));
    await store.addInstallLink(link);
    await store.recordLinkViews([
      { hash: link.hash, views: 2, at: 200 },
      { hash: 'gone', views: 1, at: 200 },
    ]);
    await store.recordLinkViews([{ hash: link.hash, views: 3, at: 300 }]);
    assert.deepEqual(await store.installLink(link.hash), { ...link, views: 5, viewedAt: 300 });
  },

  'when an order is replaced, its install links lead to the new one, and those of other orders do not':
    async (store) => {
      const [old, replacement] = [await orderedProfile(store), await orderedProfile(store)];
      const [own, others, earlier] = [
        linkTo(old),
        linkTo(old, { order: 'earlier' as OrderId }),
        linkTo(replacement, { order: 'earlier' as OrderId }),
      ];
      for (const link of [own, others, earlier]) await store.addInstallLink(link);
      const to = linkedOrderOf(replacement);
      const follow = { from: linkedOrderOf(old), to, at: 500 };
      await put(store, { installLink: follow });
      assert.deepEqual(await store.installLink(own.hash), { ...own, ...to, replacedAt: 500 });
      assert.deepEqual(await store.installLink(others.hash), others);
      assert.deepEqual(await store.installLink(earlier.hash), earlier);
      await put(store, { installLink: follow }); // there is none any more, which is no failure
    },

  'a customer asks for help once in a while; the second save is stale, with all that is in it': async (
    store,
  ) => {
    const profile = await orderedProfile(store);
    const link = linkTo(profile);
    await store.addInstallLink(link);
    const ask = (hash: string, askedAt: number, notSince: number) =>
      store.save([{ installLink: { hash, askedAt, notSince } }, { unchanged: profile }]);
    assert.equal(await ask(link.hash, 1000, 10), 'saved');
    assert.equal(await ask(link.hash, 1100, 999), 'stale');
    assert.equal((await store.installLink(link.hash))?.helpAskedAt, 1000);
    assert.equal(await ask(link.hash, 2000, 1000), 'saved');
    assert.equal(await ask('gone', 2000, 1000), 'stale');
  },

  'the install links of a profile go with it, and a deleted profile gets none': async (store) => {
    const profile = await orderedProfile(store);
    const { iccid, account, version } = profile;
    const link = linkTo(profile);
    await store.addInstallLink(link);
    await put(store, { purge: { iccid, account, version, es2Calls: [], at: 5, history: 'remove' } });
    assert.equal(await store.installLink(link.hash), undefined);
    assert.equal(await store.addInstallLink(linkTo(profile)), 'unknown');
    const mail = { kind: 'mail', target: 'a@example.com', type: 'install_link', createdAt: 5 } as const;
    const late = linkTo(profile);
    assert.equal(await store.sendInstallLink(late, 'url', { ...mail, account, iccid }), 'unknown');
    const { items } = await store.deliveries({ kind: 'mail', account, count: 99 });
    assert.ok(!items.some((one) => one.iccid === iccid), 'a mail without its link');
  },
};
