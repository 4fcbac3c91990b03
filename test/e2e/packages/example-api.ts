import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GetEUICCProfileResponse, Problem } from '@esim-rsp/sdk';
import { toBuffer } from 'qrcode';

export interface RunningApi {
  basePath: string;
  userId: string;
  apiKey: string;
  /** A RELEASED Profile of that user. */
  iccid: string;
  close: () => Promise<void>;
}

const USER_ID = 'user-1';
const API_KEY = 'key-1';
const PROFILE: GetEUICCProfileResponse = {
  iccid: '89000000000000000012',
  imsi: '001010123456789',
  state: 'RELEASED',
  last_operation_date: 1_760_000_000,
  activation_code: 'LPA:1$localhost:8443$3TD6-4Q1M-HW2X',
  reuse_remaining_count: 2,
  reuse_enabled: true,
  profile_reuse_policy: { reuse_type: 'SAME_MID', max_count: 2, maxReuseCount: 2, cooldownPeriod: 0 },
  release_date: 1_760_000_000,
  cc_required: false,
};

/** What lets a page of another origin use the API: on every answer, the refusals included. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'x-request-id, retry-after, content-disposition',
};
/** What a browser asks for beforehand, because of the two credential headers. */
const PREFLIGHT = {
  ...CORS,
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'content-type, x-user-id, x-api-key, x-request-id, idempotency-key',
  'access-control-max-age': '600',
};

/** The two operations of the REST API for one Profile, over real HTTP. */
export async function startApi(): Promise<RunningApi> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    basePath: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/esim`,
    userId: USER_ID,
    apiKey: API_KEY,
    iccid: PROFILE.iccid,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url = '', headers } = request;
  const send = (status: number, type: string, body: string | Uint8Array) =>
    response.writeHead(status, { ...CORS, 'content-type': type, 'x-request-id': 'r-1' }).end(body);
  const refuse = (status: number, title: string, code: Problem['code'], message: string) =>
    send(status, 'application/problem+json', JSON.stringify(problem(status, title, code, message, url)));

  if (method === 'OPTIONS') return void response.writeHead(204, PREFLIGHT).end();
  if (headers['x-user-id'] !== USER_ID || headers['x-api-key'] !== API_KEY) {
    return void refuse(401, 'Unauthorized', 'unauthorized', 'The API key is missing or wrong.');
  }
  const [, iccid = '', qrcode] = /^\/api\/v1\/esim\/euicc-profiles\/([^/?]+)(\/qrcode)?$/.exec(url) ?? [];
  if (!/^\d{19,20}$/.test(iccid)) {
    return void refuse(400, 'Bad Request', 'invalid_iccid', 'An ICCID has 19 or 20 digits.');
  }
  if (iccid !== PROFILE.iccid) {
    return void refuse(404, 'Not Found', 'profile_not_found', 'There is no Profile with this ICCID.');
  }
  if (qrcode === undefined) return void send(200, 'application/json', JSON.stringify(PROFILE));
  send(200, 'image/png', await toBuffer(PROFILE.activation_code, { errorCorrectionLevel: 'M', margin: 4 }));
}

function problem(
  status: number,
  title: string,
  code: Problem['code'],
  message: string,
  instance: string,
): Problem {
  return {
    type: 'about:blank',
    title,
    status,
    detail: message,
    instance,
    message,
    statusCode: status,
    code,
    request_id: 'r-1',
  };
}
