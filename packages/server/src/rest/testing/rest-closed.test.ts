import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { FromCaller, NotFromCaller } from '@esim-rsp/smdp/from-caller';
import { Type } from '@sinclair/typebox';
import type { EventFilter } from '../../store/ports/events.ts';
import type { InventoryFilter } from '../../store/ports/inventory.ts';
import type { DeliveryFilter } from '../../store/ports/outbox.ts';
import { mustBeClosed } from '../frame/operation.ts';
import { exampleOf } from '../openapi/openapi-examples.ts';
import { operations } from '../operations.ts';
import { headersFor } from './operation-call.harness.ts';
import { LIST, ordered, problemIn, restTest, stocked } from './rest.harness.ts';

const api = await restTest();
after(() => api[Symbol.asyncDispose]());
const iccid = await stocked(api);

/** The URL of an operation with examples in its path, and an example of its body. */
function exampleCall({ url, params, body }: (typeof operations)[number]) {
  const examples = (params && exampleOf(params)) as Record<string, string> | undefined;
  const path = url.replace(/:(\w+)/g, (_, name) => encodeURIComponent(String(examples?.[name] ?? 'none')));
  return { path, ...(body && { payload: exampleOf(body) as object }) };
}

/** The parameters that an operation must have, with their examples. */
function requiredOf({ query }: (typeof operations)[number]): string {
  const examples = (query && exampleOf(query)) as Record<string, string> | undefined;
  const names: readonly string[] = query?.required ?? [];
  return names.map((name) => `${name}=${encodeURIComponent(String(examples?.[name]))}&`).join('');
}

for (const operation of operations) {
  const { operationId, method, query, bodyTypes } = operation;
  const { path, payload } = exampleCall(operation);

  test(`${operationId} refuses a parameter that it does not have, and names the nearest one`, async () => {
    const foreign = ['account', 'kind', 'target', 'acount'].filter(
      (name) => !(name in (query?.properties ?? {})),
    );
    for (const name of foreign) {
      const answer = await api.call(`${path}?${requiredOf(operation)}${name}=bert`, {
        method,
        headers: await headersFor(api, operation),
        ...(payload && { payload }),
      });
      const { errors = [] } = problemIn(answer, 400, 'validation_failed');
      assert.equal(errors[0]?.field, name);
      const known = Object.keys(query?.properties ?? {});
      assert.match(
        errors[0]?.message ?? '',
        known.length > 0 ? /^is not known; the nearest that is known is \w+$/ : /^is not known: nothing/,
      );
    }
  });

  if (method === 'GET' || bodyTypes !== undefined) continue;
  test(`${operationId} refuses a member of the body that it does not have`, async () => {
    const headers = await headersFor(api, operation);
    const answer = await api.call(path, { method, headers, payload: { ...payload, account: 'bert' } });
    const { errors = [] } = problemIn(answer, 400, 'validation_failed');
    assert.equal(errors[0]?.field, 'account');
    assert.match(errors[0]?.message ?? '', /^is not known/);
  });
}

test('an unknown member inside another is named with its path and the nearest one', async () => {
  const profile_reuse_policy = { reuse_type: 'NEVER', max_cuont: 1 };
  const { errors } = problemIn(await api.post(`${LIST}/${iccid}/order`, { profile_reuse_policy }), 400);
  assert.deepEqual(errors, [
    {
      field: '/profile_reuse_policy/max_cuont',
      message: 'is not known; the nearest that is known is max_count',
    },
  ]);
});

test('an operation without a body takes an empty object', async () => {
  const { iccid: taken } = await ordered(api);
  assert.equal((await api.post(`${LIST}/${taken}/cancel`, {})).statusCode, 200);
});

for (const query of ['account=bert', `account=bert&iccid=${iccid}`, 'cursor=0&account=bert'])
  test(`events of another account are not reached by ?${query}`, async () => {
    const streams = { headers: { accept: 'text/event-stream', 'last-event-id': '0' } };
    for (const more of [{}, streams]) {
      const urls = ['/api/v1/esim/events', `${LIST}/${iccid}/history`];
      for (const url of urls) problemIn(await api.call(`${url}?${query}`, { by: 'bert', ...more }), 400);
    }
  });

test('a shape of a request must be closed, also inside', () => {
  const open = Type.Object({ a: Type.String() });
  const closed = { additionalProperties: false };
  for (const shape of [open, Type.Object({ open }, closed), Type.Object({ list: Type.Array(open) }, closed)])
    assert.throws(() => mustBeClosed(shape), /a shape of a request is not closed: a/);
  mustBeClosed(Type.Object({ a: Type.Optional(Type.Object({}, closed)) }, closed));
});

test('what a caller sent cannot be spread into what the server decides', () => {
  type Query = FromCaller<{ readonly count?: number }>;
  const query: Query = { count: 1 };
  const { count = 1, ...others } = query;
  // @ts-expect-error: the spread might bring an account
  const events: EventFilter = { account: 'anna', after: 0, count: 1, ...query };
  // @ts-expect-error: the same of what is left of it
  const deliveries: DeliveryFilter = { kind: 'webhook', target: 'we_1', count: 1, ...others };
  // @ts-expect-error: the same before the trusted members
  const profiles: InventoryFilter = {
    ...query,
    account: 'anna',
    order: 'iccid',
    descending: false,
    count: 1,
  };
  // @ts-expect-error: the same as a whole
  const whole: NotFromCaller = query;
  const named: EventFilter = { account: 'anna', count };
  assert.ok([events, deliveries, profiles, whole, named].every((one) => typeof one === 'object'));
});
