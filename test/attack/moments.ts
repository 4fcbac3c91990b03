import { readFileSync } from 'node:fs';

export type Moment = { readonly at: number; readonly ofServer: number; readonly ofThread: number };

/** Milliseconds in which a thread could have run, but the processor was given to others. Linux counts them. */
function keptWaiting(path: string): number {
  try {
    return Number(readFileSync(path, 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

/** Now, as seen by the server with this process id and by this thread. */
export function momentOf(pid: number): Moment {
  const ofServer = keptWaiting(`/proc/${pid}/schedstat`);
  return { at: performance.now(), ofServer, ofThread: keptWaiting('/proc/thread-self/schedstat') };
}

/** How long an answer took, without the time that other programs took from the server or from this thread. */
export function between(sent: Moment, answered: Moment): number {
  const taken = Math.max(answered.ofServer - sent.ofServer, answered.ofThread - sent.ofThread);
  return Math.max(0, answered.at - sent.at - taken);
}
