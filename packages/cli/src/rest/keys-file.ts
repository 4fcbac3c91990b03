import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import type { GeneratedSubscription } from '@esim-rsp/sdk';
import { CliError } from '../command.ts';

/** The secrets of subscriptions as CSV for the HLR. */
export type KeysFile = {
  /** Number of subscriptions in the file. */
  readonly count: number;
  write(subscriptions: readonly GeneratedSubscription[]): void;
  /** Closes the file. An empty file is deleted. */
  close(): void;
};

const columns = [
  'iccid',
  'imsi',
  'msisdn',
  'algorithm',
  'ki',
  'opc',
  'pin1',
  'puk1',
  'pin2',
  'puk2',
  'adm1',
  'kic1',
  'kid1',
  'kik1',
] as const satisfies readonly (keyof GeneratedSubscription)[];

/** Creates a file that only its owner can read. It never overwrites a file, which could contain the only copy of other keys. */
export function newKeysFile(path: string): KeysFile {
  const file = createFile(path);
  let count = 0;
  writeSync(file, `${columns.join(',')}\n`);
  return {
    get count() {
      return count;
    },
    write: (subscriptions) => {
      for (const one of subscriptions)
        writeSync(file, `${columns.map((name) => one[name] ?? '').join(',')}\n`);
      count += subscriptions.length;
    },
    close: () => {
      closeSync(file);
      if (count === 0) rmSync(path);
    },
  };
}

/** Opens a new file for secrets, which only its owner can read. */
export function createFile(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(
      code === 'EEXIST'
        ? `${path} already exists: choose a new file, so that no keys are lost`
        : `${path} cannot be written (${code})`,
    );
  }
}
