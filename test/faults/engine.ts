import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import type { TestServer } from '#server/store/postgres/testing/server.harness';
import type { Settings } from '../harness/server.ts';

/** A database engine under test. Each data folder has a database of its own. */
export type Engine = AsyncDisposable & {
  readonly name: 'sqlite' | 'postgres';
  /** Creates the database of a data folder: a copy of the one of the folder `from`, whose files it has already, or an empty one. */
  readonly create: (dataDir: string, from?: string) => Promise<void>;
  /** Settings of a node that uses the database of a data folder. */
  readonly settings: (dataDir: string) => Settings;
  /** Opens the same database in this process. */
  readonly open: (dataDir: string) => Promise<ServerStore>;
  /** What the database itself finds wrong in its tables. */
  readonly damage: (dataDir: string) => Promise<readonly string[]>;
  /** The process that has the databases, if the nodes do not have them themselves. */
  readonly server?: TestServer;
};

/** How to get an engine. Each kind of fault starts its own, so that it does not disturb the others. */
export type EngineKind = {
  readonly name: Engine['name'];
  /** Why it cannot run on this machine; undefined: it can. */
  readonly unavailable: () => string | undefined;
  readonly start: () => Promise<Engine>;
};
