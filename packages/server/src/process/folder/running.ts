import { isLocked } from './lock.ts';
import { readMarker, type ServerAddresses } from './marker.ts';

export type { ServerAddresses };

/** The addresses of the server that uses the data folder now; undefined: none does, or it is starting. */
export function runningServer(dataDir: string): ServerAddresses | undefined {
  return isLocked(dataDir) ? readMarker(dataDir)?.addresses : undefined;
}
