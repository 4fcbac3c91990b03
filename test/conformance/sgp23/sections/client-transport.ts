import assert from 'node:assert/strict';
import { asClient, noWait, once } from '../driver/gateway.ts';
import type { Section, Sequence } from '../driver/sequence.ts';
import type { Change, VendorAnswer } from '../driver/vendor.ts';

const ORDER = ['downloadOrder', 'confirmOrder'];

/** Asserts that an order is done once although the first answer to each call says nothing: the same octets are sent again. */
function survives(answer: VendorAnswer, settings = {}, longestMs?: number): Sequence {
  return asClient(
    async (client) => {
      await client.api.orderEUICCProfile(client.iccid, {}, once);
      client.expect(
        ORDER.flatMap((name) => [name, name]),
        'Released',
      );
      for (const name of ORDER) {
        const [one, two] = client.calls.filter((call) => call.name === name);
        assert.equal(one?.octets, two?.octets, 'the same octets');
        if (longestMs !== undefined) assert.ok((two?.at ?? 0) - (one?.at ?? 0) >= longestMs, 'it waits');
      }
      assert.equal((await client.api.getEUICCProfile(client.iccid)).data.state, 'RELEASED');
    },
    ({ nth }) => (nth === 1 ? answer : undefined),
    settings,
  );
}

const status = (text: string): VendorAnswer => ({
  json: { header: { functionExecutionStatus: { status: text } } },
});

/** Asserts that answers are understood that are written in another way. */
function understands(change: Change): Sequence {
  return asClient(async (client) => {
    const { data } = await client.api.orderEUICCProfile(client.iccid, {}, once);
    client.expect(ORDER, 'Released');
    assert.match(data.activation_code, /VENDOR/);
  }, change);
}

const inCase = (change: (text: string) => string) =>
  understands((_call, done) => ({
    json: { ...done, header: { functionExecutionStatus: { status: change('Executed-Success') } } },
  }));

/** HTTP and TLS of ES2+ (6.5; 2.6.6) as the Operator uses them. */
export const clientTransport: Section = {
  'client HTTP 500 after the work': survives({ status: 500 }),
  'client HTTP 503 with Retry-After': survives({ status: 503, headers: { 'retry-after': '1' } }),
  'client HTTP 429 with Retry-After': survives({ status: 429, headers: { 'retry-after': '3' } }, {}, 2900),
  'client HTTP 403': survives({ status: 403 }),
  'client HTTP redirect': survives({ status: 307, headers: { location: 'https://localhost/elsewhere' } }),
  'client HTTP 204': survives({ status: 204 }),
  'client HTTP 200 without a body': survives({ status: 200 }),
  'client answer that is not JSON': survives({ status: 200, body: '<html>maintenance</html>' }),
  'client answer without a header': survives({ json: { iccid: '1' } }),
  'client answer with a status of no specification': survives(status('Executing')),
  'client answer that is too long': survives({ status: 200, body: `"${'x'.repeat(100_000)}"` }),
  'client half an answer': survives('cut'),
  'client no answer, the connection breaks': survives('reset'),
  'client no answer in time': survives('hang', { timeout_seconds: 1 }),
  'client status in upper case': inCase((text) => text.toUpperCase()),
  'client status in lower case': inCase((text) => text.toLowerCase()),
  'client members that are null or unknown': understands((_call, done) => ({
    json: { eid: null, smdpAddress: null, vendorMember: { more: [1] }, ...done },
  })),
  'client X-Admin-Protocol of the vendor': asClient(
    async (client) => {
      await client.api.orderEUICCProfile(client.iccid, {}, once);
      client.expect(ORDER, 'Released');
    },
    undefined,
    { admin_protocol: 'gsma/rsp/v2.0.0' },
  ),
  'client TLS server under another CA': async (bench) => {
    const ca = bench.issuers.curve === 'P-256' ? 'brainpoolP256r1' : 'P-256';
    const sequence = asClient(
      async (client) => {
        await client.api.orderEUICCProfile(client.iccid, {}, noWait);
        const waiting = await client.operation(({ state, attempts }) => state === 'waiting' && attempts > 0);
        assert.match(waiting.error?.message ?? '', /CA/);
        client.expect([], 'Available');
      },
      undefined,
      bench.gateway === undefined ? {} : { ca: bench.gateway.vendors[ca].ca },
    );
    await sequence(bench);
  },
};
