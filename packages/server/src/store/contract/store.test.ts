import { openMemoryStore } from '../sqlite/memory.harness.ts';
import { storeContract } from './store.harness.ts';

/** Every engine passes the same contract: a line opens an empty store of it. */
storeContract('SQLite in memory', openMemoryStore);
