import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Agreement, faultsOf, type RawRequest } from './es2-request.ts';

const agreement: Agreement = {
  host: 'localhost:1',
  prefix: '/vendor',
  adminProtocol: 'gsma/rsp/v2.5.0',
  requester: 'us',
  client: 'AA:BB',
};
const header = { functionRequesterIdentifier: 'us', functionCallIdentifier: 'op_1-1' };
const iccid = '8988201000000000011';

function request(
  name: string,
  members: object,
  changed: Partial<RawRequest> = {},
  own: object = header,
): RawRequest {
  const octets = changed.octets ?? Buffer.from(JSON.stringify({ header: own, ...members }));
  const headers = {
    host: 'localhost:1',
    'content-type': 'application/json',
    'content-length': String(octets.length),
    'x-admin-protocol': 'gsma/rsp/v2.5.0',
    ...changed.headers,
  };
  const path = `/vendor/gsma/rsp2/es2plus/${name}`;
  return {
    method: 'POST',
    path,
    httpVersion: '1.1',
    tls: 'TLSv1.3',
    client: 'AA:BB',
    ...changed,
    headers,
    octets,
  };
}

const right: readonly RawRequest[] = [
  request('downloadOrder', { iccid }),
  request('downloadOrder', { iccid: `${iccid}F`, eid: '8'.repeat(32) }),
  request('confirmOrder', { iccid, matchingId: '', confirmationCode: '1', releaseFlag: false }),
  request('releaseProfile', { iccid }),
  request('cancelOrder', { iccid, finalProfileStatusIndicator: 'Unavailable' }),
];

const wrong: Readonly<Record<string, RawRequest>> = {
  'another method': request('releaseProfile', { iccid }, { method: 'PUT' }),
  'another path': request('getProfileStatus', { iccid }),
  'no prefix': request('releaseProfile', { iccid }, { path: '/gsma/rsp2/es2plus/releaseProfile' }),
  'a query': request('releaseProfile', { iccid }, { path: '/vendor/gsma/rsp2/es2plus/releaseProfile?a' }),
  'another protocol': request(
    'releaseProfile',
    { iccid },
    { headers: { 'x-admin-protocol': 'gsma/rsp/v2.0.0' } },
  ),
  'a wrong length': request('releaseProfile', { iccid }, { headers: { 'content-length': '1' } }),
  'no client certificate': request('releaseProfile', { iccid }, { client: undefined }),
  'TLS 1.1': request('releaseProfile', { iccid }, { tls: 'TLSv1.1' }),
  'another requester': request(
    'releaseProfile',
    { iccid },
    {},
    { ...header, functionRequesterIdentifier: 'x' },
  ),
  'no call identifier': request('releaseProfile', { iccid }, {}, { functionRequesterIdentifier: 'us' }),
  'a long call identifier': request(
    'releaseProfile',
    { iccid },
    {},
    { ...header, functionCallIdentifier: 'x'.repeat(65) },
  ),
  'more in the header': request('releaseProfile', { iccid }, {}, { ...header, more: 1 }),
  'no ICCID': request('releaseProfile', {}),
  'an ICCID that is swapped': request('releaseProfile', { iccid: '98880201000000000011' }),
  'an ICCID with two F': request('releaseProfile', { iccid: `${iccid}FF` }),
  'a member of another function': request('releaseProfile', { iccid, releaseFlag: true }),
  'a member that is null': request('downloadOrder', { iccid, eid: null }),
  'no releaseFlag': request('confirmOrder', { iccid }),
  'a flag that is a text': request('confirmOrder', { iccid, releaseFlag: 'true' }),
  'a state that is not one': request('cancelOrder', { iccid, finalProfileStatusIndicator: 'available' }),
  'no JSON': request('releaseProfile', {}, { octets: Buffer.from('{') }),
  'no UTF-8': request('releaseProfile', {}, { octets: Buffer.from([0x22, 0xff, 0x22]) }),
  'a member twice': request(
    'releaseProfile',
    {},
    { octets: Buffer.from(`{"header":${JSON.stringify(header)},"iccid":"${iccid}","iccid":"${iccid}"}`) },
  ),
};

test('a request of ES2+ that is right has no fault', () => {
  for (const one of right) assert.deepEqual(faultsOf(one, agreement), []);
});

for (const [what, one] of Object.entries(wrong))
  test(`a strict SM-DP+ refuses ${what}`, () => assert.notDeepEqual(faultsOf(one, agreement), []));
