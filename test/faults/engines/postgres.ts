import pg from 'pg';
import { openPostgresStore } from '#server/store/postgres/store';
import {
  installations,
  NO_POSTGRES,
  optionsFor,
  startPostgres,
  type TestServer,
} from '#server/store/postgres/testing/server.harness';
import { keyFileIn } from '#server/store/sealing/key-file';
import type { Engine, EngineKind } from '../engine.ts';

/** The databases are in a PostgreSQL of their own, of the newest version on this machine. */
export const postgres: EngineKind = {
  name: 'postgres',
  unavailable: () => (installations().length === 0 ? NO_POSTGRES : undefined),
  start: async () => {
    const installation = installations().at(-1);
    if (installation === undefined) throw new Error(NO_POSTGRES);
    const server = await startPostgres(installation);
    return {
      ...databasesOf(() => server),
      server,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};

/** The databases of data folders on a server. It may become another one, which has copies of them. */
export function databasesOf(
  server: () => Pick<TestServer, 'port' | 'createDatabase' | 'copyOf'>,
): Omit<Engine, 'server' | typeof Symbol.asyncDispose> {
  const names = new Map<string, string>();
  const urlOf = (dataDir: string): string => {
    const name = names.get(dataDir);
    if (name === undefined) throw new Error(`${dataDir} has no database`);
    return `postgres://esim@127.0.0.1:${server().port}${name}`;
  };
  return {
    name: 'postgres',
    create: async (dataDir, from) => {
      const created = from === undefined ? server().createDatabase() : server().copyOf(urlOf(from));
      names.set(dataDir, new URL(await created).pathname);
    },
    settings: (dataDir) => ({ ESIM_DATABASE_URL: urlOf(dataDir), ESIM_DATABASE_CONNECTIONS: '4' }),
    open: (dataDir) => openPostgresStore(optionsFor(urlOf(dataDir)), keyFileIn(dataDir)),
    damage: (dataDir) => damageIn(urlOf(dataDir)),
  };
}

async function damageIn(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ iccid: string }>(
      'select iccid from profile where iccid not in (select iccid from profile_content)',
    );
    return rows.map(({ iccid }) => `the profile ${iccid} has no content`);
  } finally {
    await client.end();
  }
}
