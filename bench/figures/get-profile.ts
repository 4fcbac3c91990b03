import { type ServerProcess, startProcess } from '../process.ts';
import { answerOf, requestsPerSecond, serverWith } from '../rest-client.ts';
import { iccidOf } from '../seed.ts';
import { byTurns, type Figure, rate } from '../table.ts';

const MANY = 1_000_000;
const FEW = 1000;
const WARM_UP = 80_000;
const REQUESTS = 10_000;
const TURNS = 9;
const REACH = 0.4;
const GROWTH = 1.2;
const MEGABYTES = 250;

/** `GET /euicc-profiles/{iccid}` with a million profiles stored: against bare node:http, against a thousand, and in memory. */
export async function measure(): Promise<Figure[]> {
  await using many = await serverWith(MANY);
  await using few = await serverWith(FEW);
  await using bare = await startProcess('bare-http.ts', ...(await answerOf(many, 0)));
  const ask = (server: ServerProcess, profiles: number, count = REQUESTS) =>
    requestsPerSecond(server, { profiles, count, check: mustBeAbout });
  const askBare = (count = REQUESTS) => requestsPerSecond(bare, { profiles: MANY, count });
  await ask(many, MANY, WARM_UP);
  await ask(few, FEW, WARM_UP);
  await askBare(WARM_UP);
  let megabytes = 0;
  const askMany = async () => {
    const measured = await ask(many, MANY);
    megabytes = Math.max(megabytes, (await many.usage()).rssBytes / 1e6);
    return measured;
  };
  const speed = await byTurns(TURNS, askMany, askBare);
  const growth = await byTurns(TURNS, askMany, () => ask(few, FEW));
  return [
    {
      name: 'GET a profile of 1,000,000',
      measured: rate(speed.measured),
      limit: `${rate(speed.limit)} bare node:http`,
      ratio: speed.ratio.toFixed(2),
      reach: `≥ ${REACH}`,
      holds: speed.ratio >= REACH,
    },
    {
      name: 'the same, slower than of 1,000',
      measured: rate(growth.measured),
      limit: `${rate(growth.limit)} of 1,000`,
      ratio: (1 / growth.ratio).toFixed(2),
      reach: `≤ ${GROWTH}`,
      holds: 1 / growth.ratio <= GROWTH,
    },
    {
      name: 'resident memory under that load',
      measured: `${Math.round(megabytes)} MB`,
      limit: '',
      ratio: '',
      reach: `< ${MEGABYTES} MB`,
      holds: megabytes < MEGABYTES,
    },
  ];
}

function mustBeAbout(body: Buffer, i: number): void {
  const iccid = iccidOf(i);
  if (!body.includes(`"iccid":"${iccid}"`)) throw new Error(`asked for ${iccid}, got ${body}`);
}
