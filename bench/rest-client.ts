import { load, openConnection } from './load.ts';
import { type Measured, perCpuSecond } from './process.ts';
import { ACCOUNT, iccidOf, seededFolder } from './seed.ts';
import { API_KEY, type BenchServer, startBenchServer } from './server.ts';

const CONNECTIONS = 64;

/** The whole server with that many profiles stored. */
export async function serverWith(profiles: number): Promise<BenchServer> {
  return startBenchServer(await seededFolder(profiles));
}

/** A GET of profile i, or of a path under it, with the API key. */
export function getOf(i: number, under = ''): string {
  const path = `/api/v1/esim/euicc-profiles/${iccidOf(i)}${under}`;
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nx-user-id: ${ACCOUNT}\r\nx-api-key: ${API_KEY}\r\n\r\n`;
}

/** A GET of the list of profiles. */
export function listOf(query: string, apiKey = API_KEY): string {
  const path = `/api/v1/esim/euicc-profiles${query}`;
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nx-user-id: ${ACCOUNT}\r\nx-api-key: ${apiKey}\r\n\r\n`;
}

export async function bodyOf({ port }: Measured, request: string): Promise<Buffer> {
  const { exchange, close } = await openConnection(port);
  const { body } = await exchange(request);
  close();
  return body;
}

/** The arguments of bare-http.ts for the same answer as that of the server, byte for byte except the date. */
export async function answerOf(
  { port }: Measured,
  i: number,
  under = '',
): Promise<[bodyInBase64: string, headers: string]> {
  const url = `http://127.0.0.1:${port}/api/v1/esim/euicc-profiles/${iccidOf(i)}${under}`;
  const answer = await fetch(url, { headers: { 'x-user-id': ACCOUNT, 'x-api-key': API_KEY } });
  const own = ['connection', 'date', 'keep-alive']; // node:http writes these by itself
  const headers = [...answer.headers].filter(([name]) => !own.includes(name));
  const body = Buffer.from(await answer.arrayBuffer()).toString('base64');
  return [body, JSON.stringify(Object.fromEntries(headers))];
}

export type Requests = {
  readonly count: number;
  readonly profiles: number;
  readonly under?: string;
  /** Throws for an answer that is not about profile i. */
  readonly check?: (body: Buffer, i: number) => void;
};

/** Requests per CPU second of the server, for random profiles. */
export function requestsPerSecond(
  server: Measured,
  { count, profiles, under, check }: Requests,
): Promise<number> {
  const numbers = Uint32Array.from({ length: count }, () => Math.floor(Math.random() * profiles));
  const requests = Array.from(numbers, (i) => getOf(i, under));
  return perCpuSecond(server, count, () =>
    load(
      server.port,
      { connections: CONNECTIONS, count },
      (k) => requests[k] as string,
      check && ((body, k) => check(body, numbers[k] as number)),
    ),
  );
}
