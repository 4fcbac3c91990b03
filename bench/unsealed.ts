import { join } from 'node:path';
import { brokenCopy } from '../test/harness/broken-copy.ts';
import type { Build } from './sessions-server.ts';

/** A copy of the source that never starts to seal: what the same work costs without it. It differs in nothing else. */
export async function unsealedBuild(): Promise<Build & Disposable> {
  const copy = brokenCopy({
    file: 'packages/server/src/store/sqlite/secrets/secrets.ts',
    from: 'mayBegin: async () => true',
    to: 'mayBegin: async () => false',
  });
  const { openStore } = (await import(join(copy.root, 'packages/server/src/process/data.ts'))) as Build;
  return { openStore, root: copy.root, [Symbol.dispose]: () => copy[Symbol.dispose]() };
}
