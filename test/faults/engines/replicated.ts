import { setTimeout as sleep } from 'node:timers/promises';
import {
  followSynchronously,
  type Installation,
  NO_REPLICA,
  replicaInstallation,
  startPostgres,
  startReplica,
  type TestServer,
} from '#server/store/postgres/testing/server.harness';
import type { Chance } from '../../../fuzz/chance.ts';
import { type DatabaseProxy, startDatabaseProxy } from '../database-proxy.ts';
import type { Engine } from '../engine.ts';
import { databasesOf } from './postgres.ts';

/** Databases on a primary whose commits wait for its replica. Nodes know the addresses of both. */
export type Replicated = AsyncDisposable & {
  readonly engine: Engine;
  /** Kills the primary, makes the replica the primary up to a second later, and gives that a new replica at the address of the old one. */
  replacePrimary(chance: Chance): Promise<void>;
};

/** A place for a server, whose address stays when another server takes it. */
type Place = { server: TestServer; readonly proxy: DatabaseProxy };

const LONGEST_OUTAGE_MS = 1000;

export async function startReplicated(): Promise<Replicated> {
  const installation = replicaInstallation();
  if (installation === undefined) throw new Error(NO_REPLICA);
  const first = await startPostgres(installation);
  const places = { primary: await placeOf(first), other: await placeOf(first) };
  let replica = await followed(installation, places);
  const databases = databasesOf(() => places.primary.server);
  return {
    engine: {
      ...databases,
      settings: (dataDir) => bothIn(databases.settings(dataDir), places),
      [Symbol.asyncDispose]: async () => undefined,
    },
    replacePrimary: async (chance) => {
      const { primary: lost, other: next } = places;
      await lost.server.stop('kill');
      await sleep(chance.number(LONGEST_OUTAGE_MS));
      replica.promote();
      await lost.server[Symbol.asyncDispose]();
      Object.assign(places, { primary: next, other: lost });
      replica = await followed(installation, places);
    },
    [Symbol.asyncDispose]: async () => {
      for (const { proxy, server } of Object.values(places)) {
        proxy[Symbol.dispose]();
        await server[Symbol.asyncDispose]();
      }
    },
  };
}

type Places = { primary: Place; other: Place };

async function placeOf(server: TestServer): Promise<Place> {
  return { server, proxy: await startDatabaseProxy(server.port) };
}

/** Puts a new replica of the primary into the other place, and lets commits wait for it. */
async function followed(installation: Installation, { primary, other }: Places) {
  const replica = await startReplica(installation, primary.server);
  other.server = replica;
  other.proxy.aimAt(replica.port);
  await followSynchronously(primary.server);
  return replica;
}

/** Settings with the addresses of both places, instead of the one server. */
function bothIn(
  { ESIM_DATABASE_URL = '', ...others }: ReturnType<Engine['settings']>,
  { primary, other }: Places,
) {
  const { pathname } = new URL(ESIM_DATABASE_URL);
  const hosts = [primary, other].map(({ proxy }) => `127.0.0.1:${proxy.port}`).join(',');
  return {
    ...others,
    ESIM_DATABASE_URL: `postgres://esim@${hosts}${pathname}?target_session_attrs=read-write`,
  };
}
