import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { type TestContext, test } from 'node:test';
import axios from 'axios';
import { listen } from '../../test/listen.ts';
import * as drop from '../axios.ts';

const ICCID = '8900000000000000001';
const PNG = Buffer.from('89504e470d0a1a0aff00fe', 'hex');
const problem = { message: 'there is no such profile', statusCode: 404 };

interface Heard {
  url: string | undefined;
  headers: IncomingHttpHeaders;
}

/** A server that answers images at /qrcode, 404 to ICCIDs that end in 4, and says what it heard. */
async function server(t: TestContext) {
  const heard: Heard[] = [];
  const origin = await listen(t, ({ url = '', headers }, response) => {
    heard.push({ url, headers });
    const missing = /4(?:\/qrcode)?$/.test(url);
    const image = url.endsWith('/qrcode') && !missing;
    response.statusCode = missing ? 404 : 200;
    const json = missing ? 'application/problem+json' : 'application/json; charset=utf-8';
    response.setHeader('content-type', image ? 'image/png' : json);
    response.end(image ? PNG : JSON.stringify(missing ? problem : { iccid: ICCID }));
  });
  return { heard, basePath: `${origin}/api/v1/esim` };
}

test('the runtime exports are those of the generated SDK, and no more', () => {
  assert.deepEqual(Object.keys(drop).toSorted(), [
    'Configuration',
    'ESIMRSPApi',
    'ESIMRSPApiAxiosParamCreator',
    'ESIMRSPApiFactory',
    'ESIMRSPApiFp',
    'GetEUICCProfileResponseStateEnum',
    'ProfileReusePolicyReuseTypeEnum',
  ]);
});

test('enum values are found by their old and their new names, and are listed once', () => {
  const reuse = drop.ProfileReusePolicyReuseTypeEnum;
  assert.equal(reuse.SAMEEIDMID, 'SAME_EID_MID');
  assert.equal(reuse.SameEidMid, 'SAME_EID_MID');
  assert.deepEqual(Object.keys(reuse), ['NEVER', 'SAMEEIDMID', 'SAMEEID', 'SAMEMID', 'NEWEID', 'NEWEIDMID']);
  const state: drop.GetEUICCProfileResponseStateEnum = drop.GetEUICCProfileResponseStateEnum.Released;
  assert.equal(state, drop.GetEUICCProfileResponseStateEnum.RELEASED);
});

test('a function is asked for both credentials, and may be async; a string goes into both headers', async (t) => {
  const { heard, basePath } = await server(t);
  const asked: string[] = [];
  const apiKey = async (name: string) => {
    asked.push(name);
    return `of ${name}`;
  };
  await new drop.ESIMRSPApi(new drop.Configuration({ apiKey, basePath })).getEUICCProfile(ICCID);
  await new drop.ESIMRSPApi(new drop.Configuration({ apiKey: 'one', basePath })).getEUICCProfile(ICCID);
  assert.deepEqual(asked.toSorted(), ['x-api-key', 'x-user-id']);
  assert.deepEqual(
    heard.map(({ url, headers }) => [url, headers['x-user-id'], headers['x-api-key']]),
    [
      [`/api/v1/esim/euicc-profiles/${ICCID}`, 'of x-user-id', 'of x-api-key'],
      [`/api/v1/esim/euicc-profiles/${ICCID}`, 'one', 'one'],
    ],
  );
});

test('the class, the factory and the functions go to configuration.basePath, before any other', async (t) => {
  const { heard, basePath } = await server(t);
  const configuration = new drop.Configuration({ basePath: `${basePath}/` });
  const elsewhere = 'http://127.0.0.1:9/elsewhere';
  await new drop.ESIMRSPApi(configuration, elsewhere).getEUICCProfile(ICCID);
  await drop.ESIMRSPApiFactory(configuration, elsewhere).getEUICCProfile(ICCID);
  await drop.ESIMRSPApiFactory(configuration).getEUICCProfile(ICCID);
  await (await drop.ESIMRSPApiFp(configuration).getEUICCProfile(ICCID))();
  await (await drop.ESIMRSPApiFp(configuration).getEUICCProfile(ICCID))(axios, elsewhere);
  assert.deepEqual(
    heard.map(({ url }) => url),
    Array(5).fill(`/api/v1/esim/euicc-profiles/${ICCID}`),
  );
});

test('without a configured path, the argument says where the API is, then the axios instance', async (t) => {
  const { heard, basePath } = await server(t);
  await new drop.ESIMRSPApi(undefined, `${basePath}/given`).getEUICCProfile(ICCID);
  const instance = axios.create({ baseURL: `${basePath}/of-instance` });
  await new drop.ESIMRSPApi(undefined, undefined, instance).getEUICCProfile(ICCID);
  await drop.ESIMRSPApiFactory(undefined, `${basePath}/given`, instance).getEUICCProfile(ICCID);
  const paths = heard.map(({ url }) => url?.replace('/api/v1/esim/', '').replace(/\/.*/, ''));
  assert.deepEqual(paths, ['given', 'of-instance', 'given']);
});

test("the caller's instance, its interceptors and its options are used", async (t) => {
  const { heard, basePath } = await server(t);
  const instance = axios.create({ headers: { 'x-instance': 'yes' } });
  const seen: unknown[] = [];
  instance.interceptors.response.use((response) => {
    seen.push(response.data);
    return response;
  });
  const baseOptions = { headers: { 'x-base': 'base', 'x-both': 'base' } };
  const configuration = new drop.Configuration({ apiKey: 'key', basePath, baseOptions });
  const api = new drop.ESIMRSPApi(configuration, undefined, instance);
  const options = { headers: { 'x-both': 'option', 'x-user-id': 'mine' }, query: { a: 'b c' } };
  await api.getEUICCProfile(ICCID, options);
  assert.deepEqual(seen, [{ iccid: ICCID }]);
  const [{ url, headers }] = heard as [Heard];
  assert.equal(url?.split('?')[1], 'a=b+c');
  const reported = ['x-instance', 'x-base', 'x-both', 'x-user-id', 'x-api-key'].map((name) => headers[name]);
  assert.deepEqual(reported, ['yes', 'base', 'option', 'mine', 'key']);
});

test('a missing ICCID is a RequiredError, and one that a URL would lose is refused', async () => {
  const api = new drop.ESIMRSPApi();
  for (const [call, value] of [
    ['getEUICCProfile', undefined],
    ['getQRCode', null],
  ] as const)
    await assert.rejects(api[call](value as unknown as string), {
      name: 'RequiredError',
      field: 'iccid',
      message: `Required parameter iccid was null or undefined when calling ${call}.`,
    });
  await assert.rejects(api.getQRCode('..'), { name: 'RequiredError' });
});

test('the PNG arrives whole', async (t) => {
  const { basePath } = await server(t);
  const configuration = new drop.Configuration({ basePath });
  for (const api of [new drop.ESIMRSPApi(configuration), drop.ESIMRSPApiFactory(configuration)]) {
    const { status, data } = await api.getQRCode(ICCID);
    assert.equal(status, 200);
    assert.ok(Buffer.isBuffer(data) && data.equals(PNG));
  }
});

test('a responseType of the caller is kept, wherever it is said', async (t) => {
  const { basePath } = await server(t);
  const plain = new drop.Configuration({ basePath });
  const based = new drop.Configuration({ basePath, baseOptions: { responseType: 'text' } });
  const instance = axios.create({ responseType: 'text' });
  const answers = await Promise.all([
    new drop.ESIMRSPApi(plain).getQRCode(ICCID, { responseType: 'text' }),
    new drop.ESIMRSPApi(based).getQRCode(ICCID),
    new drop.ESIMRSPApi(plain, undefined, instance).getQRCode(ICCID),
  ]);
  for (const { data } of answers) assert.equal(typeof data, 'string');
});

test("an image that is refused says why as an object, to the caller's interceptors too", async (t) => {
  const { basePath } = await server(t);
  const instance = axios.create();
  const seen: unknown[] = [];
  instance.interceptors.response.use(undefined, (error) => {
    seen.push(error.response.data);
    throw error;
  });
  const api = new drop.ESIMRSPApi(new drop.Configuration({ basePath }), undefined, instance);
  await assert.rejects(api.getQRCode('8900000000000000004'), (error) => {
    assert.ok(axios.isAxiosError<drop.ModelError>(error));
    assert.equal(error.response?.status, 404);
    assert.deepEqual(error.response?.data, problem);
    return true;
  });
  assert.deepEqual(seen, [problem]);
});

test('where the adapter answers with a Blob, an error is an object all the same', async () => {
  const adapter = async (config: object) => {
    const data = new Blob([JSON.stringify(problem)]);
    throw Object.assign(new Error('404'), { response: { status: 404, data, config } });
  };
  const api = new drop.ESIMRSPApi(undefined, 'http://127.0.0.1:9', axios.create({ adapter }));
  await assert.rejects(api.getQRCode(ICCID), (error) => {
    assert.deepEqual((error as { response: { data: unknown } }).response.data, problem);
    return true;
  });
});
