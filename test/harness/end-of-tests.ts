/**
 * Node loads this module before the test files of a suite (`--import`). A test file ends when nothing is open any more: no server, process or timer. Where
 * a test has left something open, it would never end. So this module ends it some seconds after its last test, once all results are written, and says what
 * is open. A server or a process that is still there was forgotten: the file fails. A connection may only be slow to close. Node's own option for that,
 * `--test-force-exit`, loses results that wait to be written.
 */

import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';

/** How many seconds everything may take to close after the last test. While a busy machine does not run this process, none passes. */
const GRACE = 10;

/** The test that contains all tests of a process has this name. It ends after the hooks, and once more if tests follow. */
const ROOT = '<root>';

let clock: NodeJS.Timeout | undefined;

subscribe('tracing:node.test:start', () => clearInterval(clock));
subscribe('tracing:node.test:end', (message) => {
  if ((message as { name: string }).name !== ROOT) return;
  clearInterval(clock);
  let seconds = 0;
  clock = setInterval(() => {
    if (++seconds === GRACE) endProcess();
  }, 1000).unref();
});

/** What never closes by itself. */
const FORGOTTEN = ['TCPServerWrap', 'PipeServerWrap', 'ProcessWrap'];

async function endProcess(): Promise<void> {
  if (process.getActiveResourcesInfo().some((kind) => FORGOTTEN.includes(kind))) process.exitCode ||= 1;
  console.error(`Still open ${GRACE} s after the last test: ${openResources()}. Close it in the test.`);
  const reported = once(process.stdout, 'unpipe');
  process.emit('beforeExit', 1); // the test runner writes its last results, as at the end of a process
  await reported;
  process.stdout.write('', () => process.exit());
}

/** What keeps the process alive, such as `2 × PipeWrap, TCPServerWrap, Timeout`. stdout and stderr are there too. */
function openResources(): string {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => (count === 1 ? kind : `${count} × ${kind}`)).join(', ');
}
