import type { Settings } from '../test/harness/server.ts';
import { makeCards } from './cards.ts';
import { type SessionClient, sessionClient } from './sessions-client.ts';
import { mustBeInstalled, type SessionsServer, startSessionsServer } from './sessions-server.ts';

const PROFILE_BYTES = 12_000;

/** A server, and a client with as many sessions as the server has profiles. */
export type Sessions = AsyncDisposable & {
  readonly server: SessionsServer;
  readonly client: SessionClient;
  /** How many it can download. */
  readonly profiles: number;
  /** Throws unless all of them have installed their profiles. */
  check(): Promise<void>;
};

export async function startSessions(
  profiles: number,
  settings: Settings,
  databaseUrl?: string,
): Promise<Sessions> {
  const stock = {
    profiles,
    packageBytes: PROFILE_BYTES,
    protection: 'session_keys',
    curve: 'P-256',
  } as const;
  const server = await startSessionsServer(stock, settings, databaseUrl);
  const client = sessionClient(server, await makeCards(server.pkiDir, profiles, stock.curve));
  return {
    server,
    client,
    profiles,
    check: () => mustBeInstalled(server.place, profiles),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
