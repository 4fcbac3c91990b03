import { NO_REPLICA, replicaInstallation } from '#server/store/postgres/testing/server.harness';
import { startReplicated } from '../engines/replicated.ts';
import type { Fault } from '../fault.ts';
import { createTemplate } from '../world.ts';
import { hitWorlds } from './database.ts';

/** A new replica takes seconds. */
const REPLACED = { quick: 1, medium: 5, full: 50 } as const;

export const replacedPrimary: Fault = {
  name: 'when a replica takes the place of a primary that was killed, nothing is lost, and the server continues by itself',
  engines: ['postgres'],
  unavailable: () => (replicaInstallation() === undefined ? NO_REPLICA : undefined),
  run: async (run) => {
    await using database = await startReplicated();
    const onPair = { ...run, engine: database.engine };
    await using template = await createTemplate(onPair);
    await hitWorlds(onPair, template, {
      hits: [(chance) => database.replacePrimary(chance)],
      count: REPLACED[run.size],
      least: 1,
      waitMs: 1400, // both hosts share it
    });
  },
};
