import QRCode from 'qrcode';
import { bodyOf, getOf, requestsPerSecond, serverWith } from '../rest-client.ts';
import { byTurns, type Figure, rate } from '../table.ts';

const PROFILES = 1000;
const WARM_UP = 6000;
const REQUESTS = 3000;
const CODES = 60;
const TURNS = 7;
const REACH = 30;

/** `GET …/qrcode` against the usual library, `qrcode`, which draws the same activation code in a loop. */
export async function measure(): Promise<Figure[]> {
  await using server = await serverWith(PROFILES);
  const { activation_code } = JSON.parse((await bodyOf(server, getOf(0))).toString());
  const ask = (count: number) =>
    requestsPerSecond(server, { profiles: PROFILES, count, under: '/qrcode', check: mustBePng });
  await ask(WARM_UP);
  const { measured, limit, ratio } = await byTurns(
    TURNS,
    () => ask(REQUESTS),
    () => drawn(activation_code),
  );
  return [
    {
      name: 'GET a QR code',
      measured: rate(measured),
      limit: `${rate(limit)} qrcode.toBuffer`,
      ratio: ratio.toFixed(1),
      reach: `≥ ${REACH}`,
      holds: ratio >= REACH,
    },
  ];
}

/** Codes per CPU second. Scale and quiet zone are those that the server draws with. */
async function drawn(activationCode: string): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < CODES; i++) await QRCode.toBuffer(activationCode, { scale: 8, margin: 4 });
  const { user, system } = process.cpuUsage(before);
  return CODES / ((user + system) / 1e6);
}

function mustBePng(body: Buffer): void {
  if (body.readUInt32BE(0) !== 0x89504e47) throw new Error('the QR code is no PNG');
}
