import assert from 'node:assert/strict';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { bodyOf, listen } from '../test/listen.ts';
import { Configuration, ESIMRSPApi, type GetEUICCProfileResponse, RequiredError } from './index.ts';

const ICCID = '89000000000000000012';
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff);

/** An API that answers with what `answer` gives, and says what it was asked. */
function recorder(answer: (url: URL) => object, asked: string[]): RequestListener {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    asked.push(`${request.method} ${request.url}${body && ` ${body}`}`);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer(new URL(request.url ?? '', 'http://localhost'))));
  };
}

test('a Profile is asked for by its ICCID, with both credentials', async (t) => {
  let headers: IncomingMessage['headers'] = {};
  const origin = await listen(t, (request, response) => {
    headers = { ...request.headers, ':path': request.url ?? '' };
    response.setHeader('x-request-id', 'r-1');
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ iccid: ICCID, state: 'RELEASED' }));
  });
  const api = new ESIMRSPApi(
    new Configuration({
      apiKey: async (name) => (name === 'x-api-key' ? 'the key' : 'the user'),
      basePath: `${origin}/api/v1/esim/`,
    }),
  );
  const result = await api.getEUICCProfile(ICCID);
  assert.equal(headers[':path'], `/api/v1/esim/euicc-profiles/${ICCID}`);
  assert.equal(headers['x-api-key'], 'the key');
  assert.equal(headers['x-user-id'], 'the user');
  assert.equal(headers.accept, 'application/json');
  assert.equal(result.status, 200);
  assert.equal(result.statusText, 'OK');
  assert.equal(result.headers['x-request-id'], 'r-1');
  assert.deepEqual(result.data, { iccid: ICCID, state: 'RELEASED' });
});

test('a key given as a string goes into both headers and into no printed form', async (t) => {
  const seen: unknown[] = [];
  const origin = await listen(t, ({ headers }, response) => {
    seen.push(headers['x-api-key'], headers['x-user-id']);
    response.end('{}');
  });
  const configuration = new Configuration({ apiKey: 'hush-hush', basePath: origin });
  const api = new ESIMRSPApi(configuration);
  await api.getEUICCProfile(ICCID);
  assert.deepEqual(seen, ['hush-hush', 'hush-hush']);
  const { inspect } = await import('node:util');
  for (const text of [JSON.stringify(configuration), inspect(configuration), inspect(api)]) {
    assert.doesNotMatch(text, /hush/);
  }
});

test('a key that is not allowed in a header is refused without being quoted', async () => {
  const api = new ESIMRSPApi(new Configuration({ apiKey: 'hush\nhush' }));
  await assert.rejects(api.getEUICCProfile(ICCID), (error: Error) => {
    assert.match(error.message, /value of x-user-id is not allowed in an HTTP header/);
    assert.doesNotMatch(error.message, /hush/);
    return true;
  });
});

test('a QR code is a File whose bytes are the PNG', async (t) => {
  const asked: unknown[] = [];
  const origin = await listen(t, (request, response) => {
    asked.push(request.url, request.headers.accept);
    response.setHeader('content-type', 'image/png').end(PNG);
  });
  const { status, data } = await new ESIMRSPApi(new Configuration({ basePath: origin })).getQRCode(ICCID);
  assert.equal(status, 200);
  assert.ok(data instanceof File);
  assert.equal(data.type, 'image/png');
  assert.equal(data.name, `${ICCID}.png`);
  assert.deepEqual(new Uint8Array(await data.arrayBuffer()), PNG);
  assert.deepEqual(asked, [`/euicc-profiles/${ICCID}/qrcode`, 'image/png']);
});

test('a QR code can be had as SVG, in another size, margin and error correction', async (t) => {
  let asked = '';
  const origin = await listen(t, (request, response) => {
    asked = request.url ?? '';
    response.setHeader('content-type', 'image/svg+xml; charset=utf-8').end('<svg/>');
  });
  const api = new ESIMRSPApi(new Configuration({ basePath: origin }));
  const { data } = await api.getQRCode(ICCID, { format: 'svg', size: 512, margin: 8, ecc: 'H', oid: true });
  assert.equal(asked, `/euicc-profiles/${ICCID}/qrcode?format=svg&size=512&margin=8&ecc=H&oid=1`);
  assert.deepEqual([data.name, data.type, await data.text()], [`${ICCID}.svg`, 'image/svg+xml', '<svg/>']);
});

test('the text of a QR code comes with its links', async (t) => {
  const asked: string[] = [];
  const reported = {
    activation_code: 'LPA:1$a$b',
    install_links: { apple: 'a', android: 'b', windows: 'c' },
  };
  const origin = await listen(
    t,
    recorder(() => reported, asked),
  );
  const api = new ESIMRSPApi(new Configuration({ basePath: origin }));
  assert.deepEqual((await api.getActivationCode(ICCID)).data, reported);
  await api.getActivationCode(ICCID, { oid: true });
  const path = `GET /euicc-profiles/${ICCID}/qrcode?format=json`;
  assert.deepEqual(asked, [path, `${path}&oid=1`]);
});

test('a call without its ICCID says so and sends nothing', async () => {
  const api = new ESIMRSPApi(new Configuration({ basePath: 'http://127.0.0.1:9' }));
  for (const [name, call] of Object.entries({
    getEUICCProfile: () => api.getEUICCProfile(undefined as unknown as string),
    getActivationCode: () => api.getActivationCode(undefined as unknown as string),
    getQRCode: () => api.getQRCode(null as unknown as string),
    orderEUICCProfile: () => api.orderEUICCProfile(undefined as unknown as string),
  })) {
    await assert.rejects(call(), (error) => {
      assert.ok(error instanceof RequiredError);
      assert.equal(error.name, 'RequiredError');
      assert.equal(error.field, 'iccid');
      assert.equal(error.message, `Required parameter iccid was null or undefined when calling ${name}.`);
      return true;
    });
  }
});

test('an ICCID cannot lead to another path', async (t) => {
  const asked: string[] = [];
  const origin = await listen(
    t,
    recorder(() => ({}), asked),
  );
  const api = new ESIMRSPApi(new Configuration({ basePath: origin }));
  for (const iccid of ['', '.', '..']) await assert.rejects(api.getEUICCProfile(iccid), RequiredError);
  await api.getEUICCProfile('../status?x#y');
  assert.deepEqual(asked, ['GET /euicc-profiles/..%2Fstatus%3Fx%23y']);
});

test('stocking and ordering send their request as JSON', async (t) => {
  const asked: string[] = [];
  const origin = await listen(
    t,
    recorder(() => ({ iccid: ICCID }), asked),
  );
  const api = new ESIMRSPApi(new Configuration({ basePath: origin }));
  await api.createEUICCProfile({ profile_package: 'oA==', profile_name: 'Plan' });
  await api.orderEUICCProfile(ICCID, { matching_id: 'ABC', release: false });
  await api.orderEUICCProfile(ICCID);
  assert.deepEqual(asked, [
    'POST /euicc-profiles {"profile_package":"oA==","profile_name":"Plan"}',
    `POST /euicc-profiles/${ICCID}/order {"matching_id":"ABC","release":false}`,
    `POST /euicc-profiles/${ICCID}/order {}`,
  ]);
});

test('the status is asked for beside the base path', async (t) => {
  const asked: string[] = [];
  const origin = await listen(
    t,
    recorder(() => ({ name: 'esim-rsp', version: '0.1.0' }), asked),
  );
  const { data } = await new ESIMRSPApi(new Configuration({ basePath: `${origin}/api/v1/esim` })).getStatus();
  assert.deepEqual(asked, ['GET /api/v1/status']);
  assert.equal(data.version, '0.1.0');
});

test('iterating asks for page after page and gives each Profile once', async (t) => {
  const stock = Array.from({ length: 5 }, (_, i) => ({ iccid: `${i}`.padStart(19, '8') }));
  const asked: string[] = [];
  const page = ({ searchParams }: URL) => {
    const at = Number(searchParams.get('cursor') ?? searchParams.get('offset'));
    const more = at + 2 < stock.length && { next_cursor: String(at + 2) };
    return { count: 2, ...more, euicc_profiles: stock.slice(at, at + 2) };
  };
  const origin = await listen(t, recorder(page, asked));
  const api = new ESIMRSPApi(new Configuration({ basePath: origin }));
  const seen: string[] = [];
  for await (const { iccid } of api.iterateEUICCProfiles({ count: 2, state: 'RELEASED' })) seen.push(iccid);
  assert.deepEqual(
    seen,
    stock.map(({ iccid }) => iccid),
  );
  assert.deepEqual(asked, [
    'GET /euicc-profiles?count=2&state=RELEASED&cursor=',
    'GET /euicc-profiles?count=2&state=RELEASED&cursor=2',
    'GET /euicc-profiles?count=2&state=RELEASED&cursor=4',
  ]);
  asked.length = 0;
  assert.equal((await Array.fromAsync(api.iterateEUICCProfiles({ offset: 3 }))).length, 2);
  assert.deepEqual(asked, ['GET /euicc-profiles?offset=3']);
});

test('iterating goes on over a page that is empty, as long as there may be more', async (t) => {
  const asked: string[] = [];
  const origin = await listen(
    t,
    recorder(({ searchParams }) => {
      const more = searchParams.get('cursor') === '' && { next_cursor: 'x' };
      return { count: 2, ...more, euicc_profiles: [] };
    }, asked),
  );
  const api = new ESIMRSPApi(new Configuration({ basePath: origin }));
  for await (const profile of api.iterateEUICCProfiles()) assert.fail(`there is no ${profile.iccid}`);
  assert.equal(asked.length, 2);
});

test('the example object of the first API document is a GetEUICCProfileResponse', () => {
  const instance: GetEUICCProfileResponse = {
    iccid: ICCID,
    imsi: '001010123456789',
    state: 'RELEASED',
    last_operation_date: 1_700_000_000,
    activation_code: 'LPA:1$localhost:8443$ABC',
    reuse_remaining_count: 3,
    reuse_enabled: true,
    profile_reuse_policy: { reuse_type: 'SAME_MID', max_count: 3, maxReuseCount: 3, cooldownPeriod: 0 },
    release_date: 1_700_000_000,
    cc_required: true,
    cc_retries: 3,
  };
  assert.equal(Object.keys(instance).length, 11);
});
