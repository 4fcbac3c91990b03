import { load } from '../load.ts';
import { type Measured, perCpuSecond, startProcess } from '../process.ts';
import { scaled } from '../scale.ts';
import { iccidOf, seededFolder } from '../seed.ts';
import { startBenchServer } from '../server.ts';
import { type Benchmark, byTurns, rate } from '../table.ts';

const PROFILES = scaled(300);
const WARM_UP = scaled(4000);
const REQUESTS = scaled(2000);
const TURNS = scaled(7);
const CONNECTIONS = 64;
const OF_BARE = 0.3;

const AGENT =
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36';
const HEADERS = { 'user-agent': AGENT, accept: 'text/html', 'accept-language': 'de' };

function getOf(url: string): string {
  const headers = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${new URL(url).pathname} HTTP/1.1\r\nHost: localhost\r\n${headers.join('')}\r\n`;
}

/** Install pages of random customers on their own port, each opened several times, compared with bare node:http that has the same page ready. */
export async function measure(): Promise<Benchmark[]> {
  await using server = await startBenchServer(await seededFolder(PROFILES), { ESIM_INSTALL_PORT: '0' });
  const urls: string[] = [];
  for (let i = 0; i < PROFILES; i++) urls.push((await server.api.createInstallLink(iccidOf(i), {})).data.url);
  const pages = { ...server, port: Number(new URL(urls[0] as string).port) };
  const page = await fetch(urls[0] as string, { headers: HEADERS });
  const own = ['connection', 'date', 'keep-alive']; // node:http writes these by itself
  const headers = [...page.headers].filter(([name]) => !own.includes(name));
  const body = Buffer.from(await page.arrayBuffer()).toString('base64');
  await using bare = await startProcess('bare-http.ts', body, JSON.stringify(Object.fromEntries(headers)));
  const ask = (from: Measured, count: number) => {
    const requests = Array.from({ length: count }, () =>
      getOf(urls[Math.floor(Math.random() * PROFILES)] as string),
    );
    return perCpuSecond(from, count, () =>
      load(from.port, { connections: CONNECTIONS, count }, (k) => requests[k] as string, mustHaveCode),
    );
  };
  await ask(pages, WARM_UP);
  await ask(bare, WARM_UP);
  const { measured, limit, ratio } = await byTurns(
    TURNS,
    () => ask(pages, REQUESTS),
    () => ask(bare, REQUESTS),
  );
  return [
    {
      name: 'GET an install page',
      measured: rate(measured),
      limit: `${rate(limit)} bare node:http`,
      ratio: ratio.toFixed(2),
      target: `≥ ${OF_BARE}`,
      isReached: ratio >= OF_BARE,
    },
  ];
}

function mustHaveCode(body: Buffer): void {
  if (!body.includes('carddata=LPA')) throw new Error('the page has no button');
}
