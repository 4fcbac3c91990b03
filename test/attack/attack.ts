import type { ServerProcess, Settings } from '../harness/server.ts';

/** The server under attack: a real process, started for one attack with a data folder of its own. */
export type Target = ServerProcess & {
  /** A whole number from 0 to `below` - 1; the same sequence for the same seed. */
  readonly random: (below: number) => number;
};

/** Something that a stranger or a tenant could try. It uses loopback addresses only and ends by itself. */
export type Attack = {
  /** What must hold, as a sentence. */
  readonly name: string;
  /** Settings of the server, in addition to those of every test. */
  readonly settings?: Settings;
  /** Prepares the data folder before the server starts; resolves to more settings. */
  readonly prepare?: (dataDir: string) => Promise<Settings>;
  /** Part of `npm test`: it takes a second or two. */
  readonly sample?: true;
  /** It measures how long answers take, or what the server does in some time: no other attack runs at the same time. */
  readonly alone?: true;
  /** Rejects where the server did not hold. */
  readonly run: (target: Target) => Promise<void>;
};

/** A change of the source that lets an attack succeed. It proves that the attack notices. */
export type Break = {
  /** The name of the attack. */
  readonly attack: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Text that the file contains exactly once. */
  readonly from: string;
  readonly to: string;
};
