import { type Measured, startProcess } from '../process.ts';
import { answerOf, requestsPerSecond, serverWith } from '../rest-client.ts';
import { scaled } from '../scale.ts';
import { iccidOf } from '../seed.ts';
import { type Benchmark, byTurns, rate } from '../table.ts';

const MANY = scaled(1_000_000);
const FEW = scaled(10_000);
const WARM_UP = scaled(80_000);
const REQUESTS = scaled(10_000);
const TURNS = scaled(9);
const TARGET = 0.45;
const GROWTH = 1.2;
const MEGABYTES = 250;

/** `GET /euicc-profiles/{iccid}` with a million stored profiles: compared with bare node:http and with ten thousand profiles, and the memory. */
export async function measure(): Promise<Benchmark[]> {
  await using many = await serverWith(MANY);
  await using few = await serverWith(FEW);
  await using bare = await startProcess('bare-http.ts', ...(await answerOf(many, 0)));
  const ask = (server: Measured, profiles: number, count = REQUESTS) =>
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
      target: `≥ ${TARGET}`,
      isReached: speed.ratio >= TARGET,
    },
    {
      name: 'the same, compared with 10,000 profiles',
      measured: rate(growth.measured),
      limit: `${rate(growth.limit)} of 10,000`,
      ratio: (1 / growth.ratio).toFixed(2),
      target: `≤ ${GROWTH}`,
      isReached: 1 / growth.ratio <= GROWTH,
    },
    {
      name: 'resident memory under that load',
      measured: `${Math.round(megabytes)} MB`,
      limit: '',
      ratio: '',
      target: `< ${MEGABYTES} MB`,
      isReached: megabytes < MEGABYTES,
    },
  ];
}

function mustBeAbout(body: Buffer, i: number): void {
  const iccid = iccidOf(i);
  if (!body.includes(`"iccid":"${iccid}"`)) throw new Error(`asked for ${iccid}, got ${body}`);
}
