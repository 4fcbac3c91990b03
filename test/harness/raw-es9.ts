import assert from 'node:assert/strict';
import { Agent, request } from 'node:https';
import type { Es9Channel } from '@esim-rsp/euicc';
import { type Es9Name, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import type { ServerProcess } from './server.ts';

/** A caller of ES9+ that sends whatever it is asked to. */
export type RawEs9 = Disposable & {
  call(path: string, body: string | Buffer, more?: More): Promise<RawAnswer>;
};
export type RawAnswer = { readonly status: number; readonly text: string; readonly bytes: Buffer };
type More = { readonly method?: string; readonly headers?: Readonly<Record<string, string>> };

export function rawEs9({ es9Url }: ServerProcess): RawEs9 {
  const agent = new Agent({ keepAlive: true, maxSockets: 8, rejectUnauthorized: false });
  const { port } = new URL(es9Url);
  return {
    call: (path, body, { method = 'POST', headers = {} } = {}) =>
      new Promise((resolve, reject) => {
        const framing = 'transfer-encoding' in headers ? {} : { 'content-length': Buffer.byteLength(body) };
        const options = { agent, host: 'localhost', port, path, method, headers: { ...framing, ...headers } };
        const sent = request(options, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const bytes = Buffer.concat(chunks);
            resolve({ status: response.statusCode ?? 0, text: bytes.toString(), bytes });
          });
        });
        sent.on('error', reject);
        sent.end(body);
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

/** A function of ES9+ by its path. */
export function nameAt(path: string): Es9Name {
  const name = (Object.keys(es9plus) as Es9Name[]).find((one) => es9plus[one].path === path);
  return name ?? assert.fail(path);
}

/** The binding's own codes (5.2.6), and that of a transaction that is not open. */
const shared = ['1.6/2.1', '1.6/2.2', '8.10.1/3.9'];

/** `ok`, or the codes of a refusal, which are documented ones of the function: never a bug's. */
export function verdict(name: Es9Name, { status, text }: Omit<RawAnswer, 'bytes'>): string {
  if (status === 204) {
    assert.deepEqual([name, text], ['handleNotification', '']);
    return 'ok';
  }
  assert.equal(status, 200, text);
  const { header, ...members } = JSON.parse(text);
  const { status: reported, statusCodeData } = header.functionExecutionStatus;
  if (reported === 'Executed-Success') return 'ok';
  assert.equal(reported, 'Failed');
  assert.deepEqual(members, {});
  const { subjectCode, reasonCode, message } = statusCodeData;
  const codes = `${subjectCode}/${reasonCode}`;
  const documented = [...shared, ...Object.keys(es9plus[name].errors)];
  assert.ok(documented.includes(codes), `${name} answered ${codes}: ${message}`);
  assert.ok(typeof message === 'string' && message !== '');
  return codes;
}

export type Message = {
  readonly name: Es9Name;
  readonly path: string;
  readonly body: Readonly<Record<string, string>>;
};

/** Wraps a phone's connection: `spy` sees each message before the server does. */
export function seenBy(spy: (message: Message) => Promise<void>): (es9: Es9Channel) => Es9Channel {
  return (es9) => ({
    post: async (address, path, body) => {
      await spy({ name: nameAt(path), path, body });
      return es9.post(address, path, body);
    },
  });
}

/** The member of a message that is DER, and its octets. */
export function derIn({ body }: Message): [member: string, octets: Buffer] {
  const names = [
    'euiccInfo1',
    'authenticateServerResponse',
    'prepareDownloadResponse',
    'cancelSessionResponse',
    'pendingNotification',
  ];
  const member = names.find((name) => name in body) ?? assert.fail(Object.keys(body).join());
  return [member, Buffer.from(body[member] ?? '', 'base64')];
}

export function withDer(message: Message, octets: Uint8Array): string {
  const [member] = derIn(message);
  return JSON.stringify({ ...message.body, [member]: Buffer.from(octets).toString('base64') });
}

/** The same octets with one bit turned, for each of them in turn. */
export function* turned(octets: Buffer): Generator<Buffer> {
  for (let at = 0; at < octets.length; at++) {
    const copy = Buffer.from(octets);
    copy[at] = (copy[at] as number) ^ (1 << (at % 8));
    yield copy;
  }
}

export async function answerTo(es9: RawEs9, name: Es9Name, path: string, body: string): Promise<string> {
  return verdict(name, await es9.call(path, body));
}

/** Sends a message as it was. */
export function again(es9: RawEs9, { name, path, body }: Message): Promise<string> {
  return answerTo(es9, name, path, JSON.stringify(body));
}

/** Whether an eUICC signs the requests of the function, and the server answers what it makes of them. */
export function signed(name: Es9Name): boolean {
  return name !== 'initiateAuthentication' && name !== 'handleNotification';
}

/** Does the work and makes sure that the profile is to the last member what it was. */
export async function unchanged(
  { api }: ServerProcess,
  iccid: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const { data: before } = await api.getEUICCProfile(iccid);
  await work();
  const { data: now } = await api.getEUICCProfile(iccid);
  assert.deepEqual(now, before);
}
