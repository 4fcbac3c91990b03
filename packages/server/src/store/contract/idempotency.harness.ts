import assert from 'node:assert/strict';
import type { OperationId } from '@esim-rsp/smdp/state/gateway/operation';
import { linkedOrderOf } from '@esim-rsp/smdp/state/install-link';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import { type BegunRequest, RequestTakenOver, type WorkDone } from '../ports/idempotency.ts';
import type { InstallLink } from '../ports/install/links.ts';
import { scopes } from '../ports/permissions.ts';
import type { ServerStore } from '../ports/server-store.ts';
import { makeSecret } from '../ports/webhook-secret.ts';
import { put, released, saved, stocked } from './records.harness.ts';

const first = { account: 'a', key: 'k', fingerprint: 'f', begunAt: 1000 };
const answer = { status: 201, sealed: Uint8Array.of(1, 2) };

/** What the store knows of the request. */
async function known(store: ServerStore) {
  const found = await store.beginRequest({ ...first, begunAt: 9_000_000 }, 0);
  assert.notEqual(found, 'started');
  return found;
}

const nothing = { iccids: [], createdProfiles: false };
const hash = new Uint8Array(32).fill(7);
const mail = {
  kind: 'mail',
  target: 'ada@example.com',
  account: 'a',
  type: 'test',
  iccid: '',
  createdAt: 1,
} as const;
const key = { id: 'k1', account: 'a', hash, createdAt: 1, permissions: scopes.admin };
const ada = {
  id: 'p',
  account: 'a',
  email: 'ada@example.com',
  name: 'Ada',
  role: 'support',
  createdAt: 1,
} as const;
const invitation = { hash, account: 'a', person: 'p', endsAt: 9 };
const earlier = new Uint8Array(32).fill(6);
const endpoint = {
  id: 'we_1',
  account: 'a',
  url: 'https://example.com/hook',
  description: '',
  events: [],
  secret: makeSecret(new Uint8Array(24).fill(1)),
  createdAt: 1,
  hearsFrom: 1,
} as const;

/** A write that is the work of a request: what it says, and how to see whether it was made. */
type Work = {
  /** What is there already. */
  readonly before?: (store: ServerStore) => Promise<unknown>;
  readonly write: (store: ServerStore, request: BegunRequest, profile: Profile) => Promise<unknown>;
  readonly done: (profile: Profile) => Partial<WorkDone>;
  readonly isMade: (store: ServerStore, profile: Profile) => Promise<boolean>;
};

const linkTo = (profile: Profile): InstallLink => ({
  ...linkedOrderOf(profile),
  hash: 'h',
  account: 'a',
  createdAt: 100,
  expiresAt: 900,
  views: 0,
});
const mails = async (store: ServerStore) =>
  (await store.deliveries({ kind: 'mail', account: 'a', count: 9 })).items;
const hasLink = async (store: ServerStore) => (await store.installLink('h')) !== undefined;

const works: Readonly<Record<string, Work>> = {
  addAccount: {
    write: (store, request) =>
      store.addAccount({ id: 'new', name: 'New', createdAt: 2 }, { ...key, account: 'new' }, request),
    done: () => ({ id: 'new' }),
    isMade: async (store) =>
      (await store.accounts()).some(({ id }) => id === 'new') && (await store.apiKeys('new')).length === 1,
  },
  addApiKey: {
    write: (store, request) => store.addApiKey(key, { count: 9, now: 1 }, request),
    done: () => ({ id: 'k1' }),
    isMade: async (store) => (await store.apiKeys('a')).length === 1,
  },
  addDelivery: {
    write: (store, request) => store.addDelivery(mail, request),
    done: () => ({}),
    isMade: async (store) => (await mails(store)).length === 1,
  },
  addInstallLink: {
    write: (store, request, profile) => store.addInstallLink(linkTo(profile), request),
    done: ({ iccid }) => ({ iccids: [iccid] }),
    isMade: hasLink,
  },
  addPerson: {
    write: (store, request) => store.addPerson(ada, invitation, request),
    done: () => ({ id: 'p' }),
    isMade: async (store) =>
      (await store.people('a')).length === 1 && (await store.consoleTicket(hash, 1)) !== undefined,
  },
  addWebhook: {
    write: (store, request) => store.addWebhook(endpoint, 9, request),
    done: () => ({ id: 'we_1' }),
    isMade: async (store) => (await store.webhook('we_1')) !== undefined,
  },
  invitePerson: {
    before: (store) => store.addPerson(ada, { ...invitation, hash: earlier }),
    write: (store, request) => store.invitePerson(invitation, request),
    done: () => ({ id: 'p' }),
    isMade: async (store) => {
      const tickets = await Promise.all([earlier, hash].map((one) => store.consoleTicket(one, 1)));
      return tickets.map((one) => one !== undefined).join() === 'false,true';
    },
  },
  resendInstallLink: {
    write: (store, request) => store.resendInstallLink('none', mail, request),
    done: () => ({}),
    isMade: async (store) => (await mails(store)).length === 1,
  },
  rotateApiKey: {
    before: (store) => store.addApiKey({ ...key, id: 'old' }),
    write: (store, request) =>
      store.rotateApiKey('a', 'old', () => ({ key, oldExpiresAt: 5 }), { count: 9, now: 1 }, request),
    done: () => ({ id: 'k1' }),
    isMade: async (store) => {
      const keys = (await store.apiKeys('a')).map(({ id, expiresAt }) => `${id} ${expiresAt}`);
      return keys.toSorted().join() === 'k1 undefined,old 5';
    },
  },
  sendInstallLink: {
    write: (store, request, profile) =>
      store.sendInstallLink(linkTo(profile), 'https://x.example', mail, request),
    done: ({ iccid }) => ({ iccids: [iccid] }),
    isMade: async (store) => (await mails(store)).length === 1 && (await hasLink(store)),
  },
};

async function begun(store: ServerStore): Promise<Profile> {
  await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
  const profile = released({}, { account: 'a' });
  await put(store, { profile });
  assert.equal(await store.beginRequest(first, 0), 'started');
  return saved(profile);
}

/** The contract of requests with an Idempotency-Key. */
export const idempotencyContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'a request begins once, and its answer is returned when it is sent again': async (store) => {
    assert.equal(await store.beginRequest(first, 0), 'started');
    assert.deepEqual(await store.beginRequest({ ...first, begunAt: 2000 }, 0), first);
    await store.saveAnswer(first, answer, []);
    const again = { ...first, fingerprint: 'other', begunAt: 3000 };
    assert.deepEqual(await store.beginRequest(again, 9000), { ...first, answer });
    assert.equal(await store.beginRequest({ ...first, account: 'b' }, 0), 'started');
  },
  'a request that was refused or abandoned may begin again, and old ones go': async (store) => {
    await store.beginRequest(first, 0);
    await store.deleteRequest(first);
    assert.equal(await store.beginRequest(first, 0), 'started');
    assert.equal(await store.beginRequest({ ...first, begunAt: 5000 }, 1001), 'started');
    assert.equal(await store.deleteRequestsBefore(5000, 9), 0);
    assert.equal(await store.deleteRequestsBefore(5001, 9), 1);
    assert.equal(await store.beginRequest(first, 0), 'started');
  },
  'old requests are deleted a few at a time, those that began first': async (store) => {
    const requests = [3000, 1000, 2000].map((begunAt) => ({ ...first, key: String(begunAt), begunAt }));
    for (const request of requests) await store.beginRequest(request, 0);
    assert.equal(await store.deleteRequestsBefore(9000, 2), 2);
    assert.equal(await store.beginRequest({ ...first, key: '1000' }, 0), 'started');
    assert.deepEqual(await store.beginRequest({ ...first, key: '3000' }, 0), requests[0]);
  },
  'a save says what it has done, and a request whose work is done never begins again': async (store) => {
    const old = await begun(store);
    const [one, other] = [stocked(), stocked()];
    const operation = {
      id: 'op_1' as OperationId,
      account: 'a',
      upstream: 'vendor',
      kind: 'order',
      calls: ['downloadOrder'],
      step: 0,
      terms: {},
      state: 'waiting',
      attempts: 0,
      requestedAt: 1,
      nextAttemptAt: 1,
      version: 0,
    } as const;
    const changes = [{ profile: other }, { profile: one }, { profile: old }, { operation }];
    assert.equal(await store.save(changes, first), 'saved');
    const iccids = [one.iccid, other.iccid, old.iccid].sort();
    const done = { id: 'op_1', iccids, createdProfiles: true };
    assert.deepEqual(await known(store), { ...first, done });
    assert.deepEqual(await store.beginRequest({ ...first, begunAt: 5000 }, 9000), { ...first, done });
    await store.deleteRequest(first);
    assert.deepEqual(await known(store), { ...first, done });
    await store.saveAnswer(first, answer, iccids);
    assert.deepEqual(await known(store), { ...first, done, answer });
  },
  'a save that changes profiles only says so, and one that is stale says nothing': async (store) => {
    const old = await begun(store);
    assert.equal(await store.save([{ profile: { ...old, version: 7 } }], first), 'stale');
    assert.deepEqual(await known(store), first);
    assert.equal(await store.save([{ profile: old }], first), 'saved');
    assert.deepEqual((await known(store)) as object, {
      ...first,
      done: { iccids: [old.iccid], createdProfiles: false },
    });
    await store.deleteRequest(first, 'undone');
    assert.equal(await store.beginRequest(first, 0), 'started');
  },
  'a request that another process has begun again writes nothing, and ends nothing': async (store) => {
    const old = await begun(store);
    const later = { ...first, begunAt: 5000 };
    assert.equal(await store.beginRequest(later, 1001), 'started');
    assert.equal(await store.save([{ profile: old }], first), 'stale');
    assert.deepEqual(await store.profile(old.iccid), old);
    await store.saveAnswer(first, answer, [old.iccid]);
    await store.deleteRequest(first);
    await store.deleteRequest(first, 'undone');
    assert.deepEqual(await known(store), later);
    assert.equal(await store.save([{ profile: old }], later), 'saved');
    assert.equal(await store.save([{ profile: saved(old) }], { ...first, key: 'never begun' }), 'stale');
  },
  'the profile of a request that is done is not named any more after it was deleted': async (store) => {
    const old = await begun(store);
    await store.save([{ profile: old }], first);
    const { iccid, account } = old;
    const purge = { iccid, account, version: 2, es2Calls: [], at: 9, history: 'keep' } as const;
    assert.equal(await store.save([{ purge }]), 'saved');
    assert.deepEqual(await known(store), { ...first, done: nothing });
  },
  'a change of a webhook says that it is done, or changes nothing': async (store) => {
    await begun(store);
    await store.addWebhook(endpoint, 9);
    const describe = (description: string, request: BegunRequest) =>
      store.updateWebhook('we_1', (before) => ({ ...before, description }), undefined, request);
    await describe('new', first);
    assert.deepEqual(await known(store), { ...first, done: { ...nothing, id: 'we_1' } });
    await assert.rejects(describe('other', { ...first, begunAt: 7 }), RequestTakenOver);
    assert.equal((await store.webhook('we_1'))?.description, 'new');
  },
  ...Object.fromEntries(
    Object.entries(works).map(([name, { before, write, done, isMade }]) => [
      `${name} says that the work of its request is done, or writes nothing`,
      async (store: ServerStore) => {
        const profile = await begun(store);
        await before?.(store);
        await assert.rejects(write(store, { ...first, begunAt: 7 }, profile), RequestTakenOver);
        assert.equal(await isMade(store, profile), false);
        assert.deepEqual(await known(store), first);
        await write(store, first, profile);
        assert.equal(await isMade(store, profile), true);
        assert.deepEqual(await known(store), { ...first, done: { ...nothing, ...done(profile) } });
      },
    ]),
  ),
};
