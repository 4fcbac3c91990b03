import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callTo, coreOf, coreServer, type Received, subscription } from '../testing/core.harness.ts';
import { magma } from './magma.ts';

const LIST = '/magma/v1/lte/mpk_test/subscribers';
const id = `IMSI${subscription.imsi}`;
const wanted = {
  id,
  lte: {
    state: 'ACTIVE',
    auth_algo: 'MILENAGE',
    auth_key: 'Rltc6LGZtJ+qXwou4jimvA==',
    auth_opc: 'zWPLcZVKn05IpZlON6Arrw==',
    sub_profile: 'default',
  },
  active_apns: ['iot'],
};

test('Magma gets a subscriber, and takes the same one again', async () => {
  let isThere = false;
  await using server = await coreServer(({ call, body }: Received) => {
    switch (call) {
      case `GET ${LIST}/${id}`:
        return isThere ? { status: 200, json: wanted } : { status: 404, json: { message: 'not found' } };
      case `POST ${LIST}`:
        assert.deepEqual(body, wanted);
        isThere = true;
        return { status: 201 };
      case `PUT ${LIST}/${id}`:
        assert.deepEqual(body, wanted);
        return { status: 204 };
      case `DELETE ${LIST}/${id}`:
        assert.equal(body, undefined);
        return { status: isThere ? 204 : 404 };
      default:
        return assert.fail(call);
    }
  });
  const call = callTo(coreOf('magma', server.url, { settings: { network: 'mpk_test' } }));
  await magma.put(call, subscription);
  await magma.put(call, subscription);
  await magma.remove(call, subscription.imsi);
  isThere = false;
  await magma.remove(call, subscription.imsi);
  const read = `GET ${LIST}/${id}`;
  const removal = `DELETE ${LIST}/${id}`;
  assert.deepEqual(server.calls(), [read, `POST ${LIST}`, read, `PUT ${LIST}/${id}`, removal, removal]);
});
