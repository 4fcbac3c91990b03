import pg from 'pg';
import { openPostgresStore } from '#server/store/postgres/store';
import {
  installations,
  NO_POSTGRES,
  optionsFor,
  startPostgres,
} from '#server/store/postgres/testing/server.harness';
import { keyFileIn } from '#server/store/sealing/key-file';
import type { EngineKind } from '../engine.ts';

/** The databases are in a PostgreSQL of their own, of the newest version on this machine. */
export const postgres: EngineKind = {
  name: 'postgres',
  unavailable: () => (installations().length === 0 ? NO_POSTGRES : undefined),
  start: async () => {
    const installation = installations().at(-1);
    if (installation === undefined) throw new Error(NO_POSTGRES);
    const server = await startPostgres(installation);
    const urls = new Map<string, string>();
    const urlOf = (dataDir: string): string => {
      const url = urls.get(dataDir);
      if (url === undefined) throw new Error(`${dataDir} has no database`);
      return url;
    };
    return {
      name: 'postgres',
      server,
      create: async (dataDir, from) => {
        const created = from === undefined ? server.createDatabase() : server.copyOf(urlOf(from));
        urls.set(dataDir, await created);
      },
      settings: (dataDir) => ({ ESIM_DATABASE_URL: urlOf(dataDir), ESIM_DATABASE_CONNECTIONS: '4' }),
      open: (dataDir) => openPostgresStore(optionsFor(urlOf(dataDir)), keyFileIn(dataDir)),
      damage: (dataDir) => damageIn(urlOf(dataDir)),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};

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
