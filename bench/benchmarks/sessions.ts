import type { Curve } from '@esim-rsp/sgp22/crypto/ecdsa';
import type { ProfileProtection } from '@esim-rsp/smdp/state/profile';
import { makeCards } from '../cards.ts';
import { ceiling, primitivesOfSession } from '../primitives.ts';
import { perCpuSecond } from '../process.ts';
import { scaled } from '../scale.ts';
import { sessionClient } from '../sessions-client.ts';
import { mustBeInstalled, startSessionsServer } from '../sessions-server.ts';
import { type Benchmark, byTurns, rate } from '../table.ts';

const PROFILE_BYTES = 12_000;
const IN_FLIGHT = 64;

/** One kind of download: its curve, its protection, and the number of measured sessions. */
type Variant = {
  readonly name: string;
  readonly curve: Curve;
  readonly protection: ProfileProtection;
  readonly warmUp: number;
  /** Of each turn. */
  readonly sessions: number;
  readonly turns: number;
  readonly target: number;
};

const usual = { curve: 'P-256', warmUp: scaled(5000), sessions: scaled(500), turns: scaled(9) } as const;
const variants: readonly Variant[] = [
  { ...usual, name: 'complete sessions per core', protection: 'session_keys', target: 0.5 },
  { ...usual, name: 'complete sessions per core, PPK', protection: 'ppk', target: 0.6 },
  {
    name: 'complete sessions per core, Brainpool',
    curve: 'brainpoolP256r1',
    protection: 'session_keys',
    warmUp: scaled(500),
    sessions: scaled(100),
    turns: scaled(7),
    target: 0.6,
  },
];

/** Complete sessions (four calls, 12 kB profile, SQLite file) per second of one core, compared with only their cryptographic primitives. */
export async function measure(): Promise<Benchmark[]> {
  const benchmarks: Benchmark[] = [];
  for (const variant of variants) benchmarks.push(await measureVariant(variant));
  return benchmarks;
}

async function measureVariant({ name, curve, protection, target, ...size }: Variant): Promise<Benchmark> {
  const sessions = size.warmUp + size.sessions * size.turns;
  const stock = { profiles: sessions, packageBytes: PROFILE_BYTES, protection, curve };
  await using server = await startSessionsServer(stock);
  const cards = await makeCards(server.pkiDir, sessions, curve);
  const client = sessionClient(server, cards);
  await client.run(size.warmUp, IN_FLIGHT);
  const { measured, limit, ratio } = await byTurns(
    size.turns,
    () => perCpuSecond(server, size.sessions, async () => void (await client.run(size.sessions, IN_FLIGHT))),
    async () => ceiling(primitivesOfSession(protection, PROFILE_BYTES, curve)),
  );
  await mustBeInstalled(server.place, sessions);
  return {
    name,
    measured: rate(measured),
    limit: `${rate(limit)} primitives alone`,
    ratio: ratio.toFixed(2),
    target: `≥ ${target}`,
    isReached: ratio >= target,
  };
}
