import { join } from 'node:path';
import { brokenCopy } from '../test/harness/broken-copy.ts';
import { compileServer } from '../test/harness/compiled-server.ts';
import { isQuick } from './scale.ts';
import type { Build } from './sessions-server.ts';

/** A copy of the source that never starts to seal: what the same work costs without it. It differs in nothing else. */
export async function unsealedBuild(): Promise<Build & Disposable> {
  using closing = new DisposableStack();
  const copy = closing.use(
    brokenCopy({
      file: 'packages/server/src/store/sqlite/secrets/secrets.ts',
      from: 'mayBegin: async () => true',
      to: 'mayBegin: async () => false',
    }),
  );
  const { openStore } = (await import(join(copy.root, 'packages/server/src/process/data.ts'))) as Build;
  const { root } = isQuick ? closing.use(await compileServer(copy.root)) : copy;
  const all = closing.move();
  return { openStore, root, [Symbol.dispose]: () => all.dispose() };
}
