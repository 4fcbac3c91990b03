import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIST, problemIn, type RestTest, restTest, subscription, type User } from './rest.harness.ts';

const TYPES = '/api/v1/esim/profile-types';
const ORDER = `${LIST}/order`;

/** Stocks profiles of a type; gives their ICCIDs, the oldest first. */
async function stockOf(
  api: RestTest,
  profile_type: string,
  count: number,
  by: User = 'anna',
): Promise<string[]> {
  const iccids: string[] = [];
  for (let i = 0; i < count; i++) {
    const answer = await api.post(LIST, { parameters: subscription(), profile_type }, { by });
    iccids.push(answer.json().iccid);
    api.now += 1;
  }
  return iccids;
}

test('types are listed with how many profiles are in which state', async () => {
  await using api = await restTest();
  await stockOf(api, 'basic', 3);
  await stockOf(api, 'data', 1);
  await stockOf(api, 'basic', 5, 'bert');
  await api.post(ORDER, { profile_type: 'basic' });
  assert.deepEqual((await api.call(TYPES)).json(), {
    total: 2,
    profile_types: [
      { profile_type: 'basic', total: 3, states: { AVAILABLE: 2, RELEASED: 1 } },
      { profile_type: 'data', total: 1, states: { AVAILABLE: 1 } },
    ],
  });
});

test('types are listed page by page, templates without profiles among them', async () => {
  await using api = await restTest();
  for (const type of ['b', 'd', 'e']) await stockOf(api, type, 1);
  const template = { size: 9, iccid_start: '890000000000000000', imsi_start: '001010000000001' };
  for (const [i, profile_type] of ['a', 'd', 'f'].entries()) {
    const ranges = { iccid_start: `89000000000000${i}000`, imsi_start: `00101000000${i}000` };
    const made = await api.post('/api/v1/esim/profile-templates', { ...template, ...ranges, profile_type });
    assert.equal(made.statusCode, 201, made.body);
  }
  for (const count of [1, 2, 4, 5, 6]) {
    const found: string[] = [];
    for (let cursor = ''; ; ) {
      const page = (await api.call(`${TYPES}?count=${count}${cursor}`)).json();
      found.push(...page.profile_types.map((one: { profile_type: string }) => one.profile_type));
      assert.equal(page.total, page.profile_types.length);
      if (page.next_cursor === undefined) break;
      assert.deepEqual([page.total, page.more], [count, true]);
      cursor = `&cursor=${page.next_cursor}`;
    }
    assert.deepEqual(found, ['a', 'b', 'd', 'e', 'f']);
  }
  for (const query of ['?cursor=', '?count=0']) problemIn(await api.call(TYPES + query), 400);
});

test('an order of a type takes the profile that has been in stock for longest, until none is left', async () => {
  await using api = await restTest();
  const [first, second] = await stockOf(api, 'basic', 2);
  const released = (await api.post(ORDER, { profile_type: 'basic', confirmation_code: '2468' })).json();
  assert.deepEqual([released.iccid, released.state, released.cc_required], [first, 'RELEASED', true]);
  assert.match(released.activation_code, /^LPA:1\$/);
  const reserved = (await api.post(ORDER, { profile_type: 'basic', confirm: false })).json();
  assert.deepEqual([reserved.iccid, reserved.state], [second, 'ALLOCATED']);
  problemIn(await api.post(ORDER, { profile_type: 'basic' }), 409, 'out_of_stock');
  problemIn(await api.post(ORDER, { profile_type: 'none' }), 404, 'profile_type_not_found');
  problemIn(await api.post(ORDER, { profile_type: 'basic' }, { by: 'bert' }), 404, 'profile_type_not_found');
  problemIn(await api.post(ORDER, { profile_type: 'basic', confirm: false, release: true }), 400);
});

test('many orders of a type at a time get a profile each', async () => {
  await using api = await restTest();
  const iccids = await stockOf(api, 'basic', 20);
  const answers = await Promise.all(iccids.map(() => api.post(ORDER, { profile_type: 'basic' })));
  assert.deepEqual(answers.map((answer) => answer.json().iccid).toSorted(), iccids.toSorted());
});
