import QRCode from 'qrcode';
import { startProcess } from '../process.ts';
import { answerOf, bodyOf, getOf, requestsPerSecond, serverWith } from '../rest-client.ts';
import { scaled } from '../scale.ts';
import { type Benchmark, byTurns, rate } from '../table.ts';

const PROFILES = scaled(1000);
const WARM_UP = scaled(6000);
const REQUESTS = scaled(3000);
const CODES = scaled(60);
const TURNS = scaled(7);
const OF_BARE = 0.2;
const OF_LIBRARY = 30;

/** `GET …/qrcode` compared with bare node:http, and with the usual library, `qrcode`, which renders the same activation code in a loop. */
export async function measure(): Promise<Benchmark[]> {
  await using server = await serverWith(PROFILES);
  await using bare = await startProcess('bare-http.ts', ...(await answerOf(server, 0, '/qrcode')));
  const { activation_code } = JSON.parse((await bodyOf(server, getOf(0))).toString());
  const ask = (count: number) =>
    requestsPerSecond(server, { profiles: PROFILES, count, under: '/qrcode', check: mustBePng });
  const askBare = (count: number) => requestsPerSecond(bare, { profiles: PROFILES, count });
  await ask(WARM_UP);
  await askBare(WARM_UP);
  const http = await byTurns(
    TURNS,
    () => ask(REQUESTS),
    () => askBare(REQUESTS),
  );
  const library = await byTurns(
    TURNS,
    () => ask(REQUESTS),
    () => renderInLoop(activation_code),
  );
  return [
    {
      name: 'GET a QR code',
      measured: rate(http.measured),
      limit: `${rate(http.limit)} bare node:http`,
      ratio: http.ratio.toFixed(2),
      target: `≥ ${OF_BARE}`,
      isReached: http.ratio >= OF_BARE,
    },
    {
      name: 'the same, compared with a library',
      measured: rate(library.measured),
      limit: `${rate(library.limit)} qrcode.toBuffer`,
      ratio: library.ratio.toFixed(1),
      target: `≥ ${OF_LIBRARY}`,
      isReached: library.ratio >= OF_LIBRARY,
    },
  ];
}

/** Codes per CPU second, with the scale and quiet zone of the server. */
async function renderInLoop(activationCode: string): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < CODES; i++) await QRCode.toBuffer(activationCode, { scale: 8, margin: 4 });
  const { user, system } = process.cpuUsage(before);
  return CODES / ((user + system) / 1e6);
}

function mustBePng(body: Buffer): void {
  if (body.readUInt32BE(0) !== 0x89504e47) throw new Error('the QR code is not a PNG');
}
