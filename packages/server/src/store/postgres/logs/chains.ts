import type { ChainStore, LeaseStore, LogName } from '../../ports/logs/chains.ts';
import { chainStore } from '../../statements/logs/chains.ts';
import type { Connection } from '../connection/connection.ts';
import { textEngine } from '../connection/text-engine.ts';
import { settledReader } from './settled.ts';

export function postgresChains(connection: Connection): ChainStore & LeaseStore {
  const settled = {
    audit: settledReader(connection, 'audit'),
    event: settledReader(connection, 'event'),
  } as const satisfies Record<LogName, unknown>;
  return chainStore({ ...textEngine(connection), settled: (log) => settled[log]() });
}
