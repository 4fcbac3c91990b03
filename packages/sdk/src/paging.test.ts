import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ESIMRSPApi } from './index.ts';

/** A client whose server answers with these pages, one after the other; also what it requests. */
function paged(...pages: object[]) {
  const requests: string[] = [];
  const api = new ESIMRSPApi({
    basePath: 'http://api',
    retries: 0,
    fetch: async (input) => {
      const page = pages[requests.length];
      requests.push(String(input).slice('http://api'.length));
      return page === undefined ? new Response('', { status: 404 }) : Response.json(page);
    },
  });
  return { api, requests };
}

const idsOf = async <T>(items: AsyncIterable<T>) =>
  (await Array.fromAsync(items)).map((item) => Object.values(item as object)[0]);

test('every list can be iterated over all its pages', async () => {
  const { api, requests } = paged(
    { events: [{ id: 1 }, { id: 2 }], next_cursor: '2', more: true },
    { events: [{ id: 3 }], next_cursor: '3', more: false },
  );
  assert.deepEqual(await idsOf(api.listEvents({ count: 2, types: 'profile.created' })), [1, 2, 3]);
  assert.deepEqual(requests, [
    '/events?count=2&types=profile.created',
    '/events?count=2&types=profile.created&cursor=2',
  ]);
});

test('history, audit log and deliveries are iterated with their path and options', async () => {
  const history = paged(
    { events: [{ id: 1 }], next_cursor: '1', more: true },
    { events: [], next_cursor: '1', more: false },
  );
  assert.deepEqual(await idsOf(history.api.getEUICCProfileHistory('8900000000000000001')), [1]);
  assert.deepEqual(history.requests, [
    '/euicc-profiles/8900000000000000001/history',
    '/euicc-profiles/8900000000000000001/history?cursor=1',
  ]);
  const audit = paged({ entries: [{ id: 7 }], next_cursor: '7', more: false });
  assert.deepEqual(await idsOf(audit.api.listAudit()), [7]);
  const deliveries = paged(
    { deliveries: [{ id: 9 }], next_cursor: 'x', more: true },
    { deliveries: [{ id: 8 }], more: false },
  );
  assert.deepEqual(await idsOf(deliveries.api.listWebhookDeliveries('we_1', { state: 'failed' })), [9, 8]);
  assert.equal(deliveries.requests[1], '/webhooks/we_1/deliveries?state=failed&cursor=x');
});

test('a list without pages is iterated too', async () => {
  const { api } = paged({ webhooks: [{ id: 'we_1' }, { id: 'we_2' }] });
  assert.deepEqual(await idsOf(api.listWebhooks()), ['we_1', 'we_2']);
});

test('a page that a search limit ended is followed by the next one, also if it is empty', async () => {
  const { api, requests } = paged(
    { count: 2, euicc_profiles: [], next_cursor: 'a' },
    { count: 2, euicc_profiles: [{ iccid: '1' }], next_cursor: 'b' },
    { count: 2, euicc_profiles: [] },
  );
  assert.deepEqual(await idsOf(api.listEUICCProfiles({ imsi: '001010' })), ['1']);
  assert.equal(requests.length, 3);
});

test('a list by offset continues by cursor', async () => {
  const { api, requests } = paged(
    { total: 2, euicc_profiles: [{ iccid: '1' }], next_cursor: 'a' },
    { euicc_profiles: [] },
  );
  assert.deepEqual(await idsOf(api.listEUICCProfiles({ offset: 1 })), ['1']);
  assert.deepEqual(requests, ['/euicc-profiles?offset=1', '/euicc-profiles?cursor=a']);
});

test('leaving the loop requests no more pages, and the first page is still an answer', async () => {
  const { api, requests } = paged({ events: [{ id: 1 }, { id: 2 }], next_cursor: '2', more: true });
  const list = api.listEvents();
  for await (const { id } of list) if (id === 1) break;
  assert.equal((await list).data.events.length, 2);
  assert.equal(requests.length, 1);
});

test('an error on a later page ends the iteration with it', async () => {
  const { api } = paged({ events: [{ id: 1 }], next_cursor: '1', more: true });
  await assert.rejects(idsOf(api.listEvents()), { name: 'NotFoundError', status: 404 });
});
