import assert from 'node:assert/strict';
import type { MailTemplate } from '../../ports/mail/mail.ts';
import type { NewDelivery } from '../../ports/outbox.ts';
import type { ServerStore } from '../../ports/server-store.ts';

const NOW = 1_700_000_000_000;

function template(members: Partial<MailTemplate> = {}): MailTemplate {
  const text = { subject: 'Grüße {{name}}', text: 'zwei\nZeilen "…"' };
  return { account: 'lab', kind: 'test', language: 'de', ...text, changedAt: NOW, ...members };
}

function mail(members: Partial<NewDelivery> = {}): NewDelivery {
  return {
    kind: 'mail',
    target: 'anna@example.com',
    account: 'lab',
    type: 'test',
    iccid: '',
    facts: { language: 'de', name: 'Änne "A"' },
    createdAt: NOW,
    ...members,
  };
}

/** The contract of mail: templates, and the log of an account's mail. */
export const mailContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'templates of mail are read back, by kind and language, and written over': async (store) => {
    const all = [
      template(),
      template({ language: 'en', html: '<p>ü</p>' }),
      template({ kind: 'other', language: 'de' }),
    ];
    for (const one of all.toReversed()) assert.equal(await store.putMailTemplate(one, 9), 'saved');
    await store.putMailTemplate(template({ account: 'other', subject: 'x' }), 9);
    assert.deepEqual(await store.mailTemplates('lab'), [all[2], all[0], all[1]]);
    const changed = template({ subject: 'new', html: '<b>', changedAt: NOW + 1 });
    await store.putMailTemplate(changed, 9);
    assert.deepEqual(await store.mailTemplate(changed), changed);
    await store.putMailTemplate(template(), 9);
    assert.deepEqual(await store.mailTemplate(template()), template());
    assert.equal(await store.mailTemplate(template({ language: 'fr' })), undefined);
    assert.equal(await store.deleteMailTemplate(template()), 'deleted');
    assert.equal(await store.deleteMailTemplate(template()), 'unknown');
    assert.deepEqual(await store.mailTemplates('lab'), [all[2], all[1]]);
    assert.equal((await store.mailTemplates('other')).length, 1);
  },
  'an account has at most the given number of templates of mail': async (store) => {
    const put = (language: string, account = 'lab') =>
      store.putMailTemplate(template({ account, language }), 2);
    assert.deepEqual([await put('de'), await put('en'), await put('fr')], ['saved', 'saved', 'full']);
    assert.deepEqual([await put('de'), await put('fr', 'other')], ['saved', 'saved']);
    assert.equal((await store.mailTemplates('lab')).length, 2);
  },
  'the log of the mail of an account has all addresses, and what the mails say': async (store) => {
    const add = (members: Partial<NewDelivery> = {}) => store.addDelivery(mail(members));
    const first = await add();
    const second = await add({ target: 'bert@example.com', createdAt: NOW + 5, type: 'other' });
    await add({ account: 'other' });
    await store.addDelivery({ ...mail(), kind: 'webhook', target: 'we_1' });
    const { facts: _, ...without } = mail({ createdAt: NOW + 9 });
    const third = await store.addDelivery(without);
    const read = async (more: object = {}) =>
      (await store.deliveries({ kind: 'mail', account: 'lab', count: 9, ...more })).items;
    assert.deepEqual(await read(), [third, second, first]);
    assert.deepEqual([first.facts, third.facts], [mail().facts, undefined]);
    assert.deepEqual(await read({ sort: 'oldest', count: 1 }), [first]);
    assert.deepEqual(await read({ after: { id: third.id } }), [second, first]);
    assert.deepEqual(await read({ types: ['other'] }), [second]);
    assert.deepEqual(await read({ since: NOW + 5, until: NOW + 9 }), [second]);
    await store.settleDelivery(second, { state: 'delivered', nextAttemptAt: NOW, lastStatus: 250 });
    assert.deepEqual(await read({ state: 'pending' }), [third, first]);
    const ofTarget = await store.deliveries({ kind: 'mail', target: 'anna@example.com', count: 9 });
    assert.equal(ofTarget.items.length, 3);
  },
};
