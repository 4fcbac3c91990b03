import type { MasterKeySource } from '../ports/secrets/master-key.ts';
import type { ServerStore } from '../ports/server-store.ts';
import { StoreError } from '../ports/store-error.ts';
import { type ReportUnreadable, rememberUnreadable } from '../rows/readable.ts';
import { createSealing } from '../sealing/data-keys.ts';
import { startRefresh } from '../sealing/refresh.ts';
import { alertStore } from '../statements/alerts.ts';
import { oldRecordStore } from '../statements/logs/old-records.ts';
import { overviewStore } from '../statements/logs/overview.ts';
import { mailStore } from '../statements/mail.ts';
import { postgresAccounts } from './accounts.ts';
import { postgresApiKeys } from './api-keys.ts';
import { postgresChanges } from './changes.ts';
import { connectTo } from './connection/connection.ts';
import { openEventNews } from './connection/event-news.ts';
import { type PostgresOptions, placeOf } from './connection/options.ts';
import { textEngine } from './connection/text-engine.ts';
import { postgresContents } from './contents.ts';
import { startSums } from './counts.ts';
import { postgresCoreNetworks } from './gateway/core-networks.ts';
import { postgresOperations } from './gateway/operations.ts';
import { postgresUpstreams } from './gateway/upstreams.ts';
import { postgresHealth, postgresStatistics } from './health.ts';
import { postgresIdempotency } from './idempotency.ts';
import { postgresBrands } from './install/brands.ts';
import { postgresInstallLinks } from './install/links.ts';
import { postgresInventory } from './inventory.ts';
import { postgresAudit } from './logs/audit.ts';
import { postgresChains } from './logs/chains.ts';
import { postgresEvents } from './logs/events.ts';
import { createTables } from './migrations.ts';
import { postgresNumberReservations } from './number-reservations.ts';
import { postgresOperators } from './operators.ts';
import { postgresOutbox } from './outbox.ts';
import { postgresConsoleSessions } from './people/console-sessions.ts';
import { postgresPasskeys } from './people/passkeys.ts';
import { postgresPeople } from './people/people.ts';
import { postgresSignInAttempts } from './people/sign-in-attempts.ts';
import { postgresProfiles } from './profiles.ts';
import { postgresRefusedCalls } from './refused-calls.ts';
import { postgresDataKeys, postgresSecrets } from './secrets.ts';
import { postgresSessions } from './sessions.ts';
import { postgresTemplates } from './templates.ts';
import { postgresTransactionSecrets } from './transaction-secrets.ts';
import { postgresWebhooks } from './webhooks.ts';

/**
 * The store in a PostgreSQL database, which any number of nodes share. Throws a StoreError that says what to do when the database cannot be
 * used. Once it is open, calls wait a limited time for a database that is away, and then throw a StoreUnavailable.
 */
export async function openPostgresStore(
  options: PostgresOptions,
  masterKey: MasterKeySource,
  report: ReportUnreadable = () => undefined,
): Promise<ServerStore> {
  const sealing = createSealing(masterKey);
  const { remember, unreadableRows } = rememberUnreadable(report);
  const connection = connectTo(options, sealing, remember);
  const dataKeys = postgresDataKeys(connection);
  try {
    await createTables(options);
    await sealing.load(dataKeys);
  } catch (error) {
    await connection.close();
    throw explain(options, error);
  }
  const stopRefresh = startRefresh(sealing, dataKeys, remember);
  const news = openEventNews(options, connection);
  const stopSums = startSums(connection);
  return {
    ...postgresAccounts(connection),
    ...postgresApiKeys(connection),
    ...postgresAudit(connection),
    ...postgresChains(connection),
    ...postgresChanges(connection, news),
    ...postgresConsoleSessions(connection),
    ...postgresContents(connection),
    ...postgresEvents(connection, news.watchEvents),
    ...postgresStatistics(connection),
    ...postgresHealth(connection),
    ...postgresIdempotency(connection),
    ...postgresBrands(connection),
    ...postgresInstallLinks(connection, news),
    ...postgresInventory(connection),
    ...alertStore(textEngine(connection)),
    ...oldRecordStore(textEngine(connection)),
    ...overviewStore(textEngine(connection)),
    ...mailStore(textEngine(connection)),
    ...postgresNumberReservations(connection),
    ...postgresOperations(connection),
    ...postgresOperators(connection),
    ...postgresOutbox(connection, news),
    ...postgresPasskeys(connection),
    ...postgresSignInAttempts(connection),
    ...postgresPeople(connection),
    ...postgresProfiles(connection),
    ...postgresRefusedCalls(connection),
    ...postgresSecrets(connection),
    ...postgresSessions(connection),
    ...postgresTemplates(connection),
    ...postgresTransactionSecrets(connection),
    ...postgresCoreNetworks(connection),
    ...postgresUpstreams(connection),
    ...postgresWebhooks(connection),
    unreadableRows,
    connections: () => {
      const isListening = news.isListening();
      return { ...connection.statistics(), ...(isListening !== undefined && { isListening }) };
    },
    close: async () => {
      await news.close();
      await stopSums();
      await stopRefresh();
      await connection.close();
    },
  };
}

function explain({ url, directUrl = url }: PostgresOptions, error: unknown): StoreError {
  const place = placeOf(directUrl);
  if (error instanceof StoreError)
    return new StoreError(`${place} cannot be used: ${error.message}`, { cause: error });
  return new StoreError(
    `the database ${place} cannot be used (${(error as Error).message}): start it, or correct ESIM_DATABASE_URL`,
    { cause: error },
  );
}
