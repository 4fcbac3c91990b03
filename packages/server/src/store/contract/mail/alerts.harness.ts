import assert from 'node:assert/strict';
import { type MailRecipient, stockSubject } from '../../ports/mail/alerts.ts';
import type { NewDelivery } from '../../ports/outbox.ts';
import type { ServerStore } from '../../ports/server-store.ts';
import { makeSecret } from '../../ports/webhook-secret.ts';

const NOW = 1_700_000_000_000;

function recipient(members: Partial<MailRecipient> = {}): MailRecipient {
  const usual = {
    account: 'lab',
    address: 'anna@example.com',
    kinds: ['low_stock', 'other'],
    language: 'de',
  };
  return { ...usual, createdAt: NOW, ...members };
}

function mail(members: Partial<NewDelivery> = {}): NewDelivery {
  const usual = { kind: 'mail', target: 'anna@example.com', account: 'lab', type: 'low_stock' } as const;
  return { ...usual, iccid: '', facts: { language: 'de' }, createdAt: NOW, ...members };
}

const mailsOf = async (store: ServerStore, account = 'lab') =>
  (await store.deliveries({ kind: 'mail', account, count: 99 })).items.length;

/** The contract of alerts. */
export const alertContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'recipients of alerts are read back, written over, limited and deleted': async (store) => {
    const other = recipient({ address: 'bert@example.com', kinds: ['low_stock'] });
    for (const one of [other, recipient()]) assert.equal(await store.putMailRecipient(one, 2), 'saved');
    assert.equal(await store.putMailRecipient(recipient({ address: 'c@example.com' }), 2), 'full');
    await store.putMailRecipient(recipient({ account: 'other', address: 'c@example.com' }), 2);
    assert.deepEqual(await store.mailRecipients('lab'), [recipient(), other]);
    const elsewhere = recipient({ account: 'other', address: 'c@example.com' });
    assert.deepEqual(await store.recipientsOf('other'), [recipient(), elsewhere]);
    assert.deepEqual(await store.recipientsOf('othe'), []);
    await store.putMailRecipient(recipient({ kinds: ['other'], language: 'en', createdAt: NOW + 1 }), 2);
    assert.deepEqual((await store.mailRecipients('lab'))[0], recipient({ kinds: ['other'], language: 'en' }));
    assert.equal(await store.deleteMailRecipient('lab', 'anna@example.com'), 'deleted');
    assert.equal(await store.deleteMailRecipient('lab', 'anna@example.com'), 'unknown');
    assert.equal((await store.mailRecipients('other')).length, 1);
  },
  'an alert and its deliveries move together, and only from where it was': async (store) => {
    const move = { account: 'lab', subject: 'stock basic', at: NOW };
    assert.equal(
      await store.moveAlert({ ...move, level: 30 }, [mail(), mail({ target: 'b@example.com' })]),
      'moved',
    );
    assert.equal(await store.moveAlert({ ...move, level: 14 }, [mail()]), 'stale');
    assert.equal(await store.moveAlert({ ...move, from: 7, level: 1 }, [mail()]), 'stale');
    assert.equal(await mailsOf(store), 2);
    assert.equal(await store.moveAlert({ ...move, from: 30, level: 14 }, []), 'moved');
    assert.deepEqual(await store.alerts('lab'), [{ account: 'lab', subject: 'stock basic', level: 14 }]);
    assert.deepEqual(await store.alerts('other'), []);
  },
  'of nodes that raise an alert at the same moment, one does': async (store) => {
    const move = { account: 'lab', subject: 'one', level: 1, at: NOW };
    const results = await Promise.all([1, 2, 3, 4].map(() => store.moveAlert(move, [mail()])));
    assert.deepEqual(results.toSorted(), ['moved', 'stale', 'stale', 'stale']);
    assert.equal(await mailsOf(store), 1);
  },
  'limits of stock are set, changed and removed, and an alert about one ends with that': async (store) => {
    const limit = { account: 'lab', profileType: 'basic' };
    await store.setStockLimit({ ...limit, lowAt: 10 });
    await store.setStockLimit({ ...limit, profileType: 'a type', lowAt: 0 });
    await store.setStockLimit({ ...limit, account: 'other', lowAt: 5 });
    await store.moveAlert({ account: 'lab', subject: stockSubject('basic'), level: 1, at: NOW }, []);
    await store.setStockLimit({ ...limit, lowAt: 20 });
    assert.deepEqual(await store.stockLimits('lab'), [
      { ...limit, profileType: 'a type', lowAt: 0 },
      { ...limit, lowAt: 20 },
    ]);
    assert.equal((await store.stockLimits()).length, 3);
    assert.deepEqual(await store.alerts('lab'), []);
    await store.moveAlert({ account: 'lab', subject: stockSubject('basic'), level: 1, at: NOW }, []);
    await store.setStockLimit({ ...limit, lowAt: undefined });
    assert.deepEqual(
      [await store.stockLimits('lab'), await store.alerts('lab')].map(({ length }) => length),
      [1, 0],
    );
  },
  'deliveries that the change of a webhook causes are added with it': async (store) => {
    await store.addAccount({ id: 'lab', name: 'lab', createdAt: 1 });
    const endpoint = {
      ...{ id: 'we_1', account: 'lab', url: 'https://example.com/', description: '' },
      events: ['*' as const],
      secret: makeSecret(new Uint8Array(24).fill(1)),
      ...{ createdAt: NOW, hearsFrom: NOW },
    };
    await store.addWebhook(endpoint, 9);
    const disabled = { at: NOW, reason: 'gone' };
    const disable = () =>
      store.updateWebhook(
        'we_1',
        (before) => ({ ...before, disabled }),
        (before) => (before.disabled === undefined ? [mail()] : []),
      );
    assert.deepEqual((await disable())?.disabled, disabled);
    await disable();
    assert.equal(await mailsOf(store), 1);
  },
};
