import { ceiling, primitivesOfSession } from '../primitives.ts';
import { perCpuSecond, startProcess } from '../process.ts';
import { sessionClient } from '../sessions-client.ts';
import { type Figure, median, rate } from '../table.ts';

const PROFILE_BYTES = 12_000;
const SESSIONS = 1500;
const ROUNDS = 3;
const REACH = 0.5;

/** Complete sessions (four calls, 12 kB profile, SQLite file) per second of one core, against their primitives alone. */
export async function measure(): Promise<Figure[]> {
  const server = await startProcess('es9.ts', String(SESSIONS * (ROUNDS + 1)), String(PROFILE_BYTES));
  try {
    const client = await sessionClient(server, 100, 'P-256');
    await client.run(SESSIONS, 64);
    const measured: number[] = [];
    const limits: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      limits.push(ceiling(primitivesOfSession(PROFILE_BYTES, 'prime256v1')));
      measured.push(await perCpuSecond(server, SESSIONS, () => client.run(SESSIONS, 64)));
    }
    const ratio = median(measured) / median(limits);
    return [
      {
        name: 'complete sessions per core',
        measured: rate(median(measured)),
        limit: `${rate(median(limits))} primitives alone`,
        ratio: ratio.toFixed(2),
        reach: `≥ ${REACH}`,
        holds: ratio >= REACH,
      },
    ];
  } finally {
    await server.stop();
  }
}
