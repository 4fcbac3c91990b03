import { openSqliteStore } from '@esim-rsp/server/store/sqlite';
import { makeCards } from '../cards.ts';
import { ceiling, primitivesOfSession } from '../primitives.ts';
import { perCpuSecond, startProcess } from '../process.ts';
import { ACCOUNT } from '../seed.ts';
import { sessionClient } from '../sessions-client.ts';
import { byTurns, type Figure, rate } from '../table.ts';

const PROFILE_BYTES = 12_000;
const WARM_UP = 3000;
const SESSIONS = 500;
const TURNS = 9;
const IN_FLIGHT = 64;
const REACH = 0.5;

/** Complete sessions (four calls, 12 kB profile, SQLite file) per second of one core, against their primitives alone. */
export async function measure(): Promise<Figure[]> {
  const sessions = WARM_UP + SESSIONS * TURNS;
  await using server = await startProcess('es9.ts', String(sessions), String(PROFILE_BYTES));
  const cards = await makeCards(server.facts.pki as string, sessions, 'P-256');
  const client = sessionClient(server, cards);
  await client.run(WARM_UP, IN_FLIGHT);
  const { measured, limit, ratio } = await byTurns(
    TURNS,
    () => perCpuSecond(server, SESSIONS, () => client.run(SESSIONS, IN_FLIGHT)),
    async () => ceiling(primitivesOfSession(PROFILE_BYTES, 'prime256v1')),
  );
  await mustBeInstalled(server.facts.database as string, sessions);
  return [
    {
      name: 'complete sessions per core',
      measured: rate(measured),
      limit: `${rate(limit)} primitives alone`,
      ratio: ratio.toFixed(2),
      reach: `≥ ${REACH}`,
      holds: ratio >= REACH,
    },
  ];
}

/** Every session has moved its profile, or nothing was measured. */
async function mustBeInstalled(database: string, sessions: number): Promise<void> {
  const store = await openSqliteStore(database);
  const { total } = await store.listProfiles({ account: ACCOUNT, state: 'INSTALLED', count: 1, offset: 0 });
  await store.close();
  if (total !== sessions) throw new Error(`${sessions} sessions have installed ${total} profiles`);
}
