import { execFile } from 'node:child_process';
import type { MasterKeySource } from '../../store/ports/secrets/master-key.ts';
import { StoreError } from '../../store/ports/store-error.ts';
import { keyFile, keyFileIn } from '../../store/sealing/key-file.ts';
import { parseMasterKey } from '../../store/sealing/master-key.ts';
import type { Config } from '../config.ts';
import { tokenSource } from './token-master-key.ts';

/** Where the settings say that the master key is. By default that is a file in the data folder, which the first start creates. */
export function masterKeySource({
  dataDir,
  masterKey,
}: Pick<Config, 'dataDir' | 'masterKey'>): MasterKeySource {
  if (masterKey === undefined) return keyFileIn(dataDir);
  if ('file' in masterKey) return keyFile(masterKey.file);
  if ('command' in masterKey) return commandSource(masterKey.command);
  if ('uri' in masterKey) return tokenSource(masterKey.uri, masterKey.token);
  const { base64 } = masterKey;
  const place = 'ESIM_MASTER_KEY';
  return { place, read: async () => parseMasterKey(base64, place) };
}

const COMMAND_MS = 30_000;

/** A program prints the key. What it prints is in no message: it may be the key. */
function commandSource(command: string): MasterKeySource {
  const place = 'the command of ESIM_MASTER_KEY_COMMAND';
  return { place, read: async () => parseMasterKey(await outputOf(command, place), place) };
}

function outputOf(command: string, place: string): Promise<string> {
  const [shell, flag] = process.platform === 'win32' ? ['cmd.exe', '/c'] : ['/bin/sh', '-c'];
  const limits = { timeout: COMMAND_MS, killSignal: 'SIGKILL', maxBuffer: 65_536 } as const;
  return new Promise((resolve, reject) => {
    execFile(shell, [flag, command], limits, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(new StoreError(`${place} ${howItFailed(error)}: run it by hand to see why`));
    }).stdin?.end();
  });
}

function howItFailed({
  killed,
  code,
}: {
  readonly killed?: boolean;
  readonly code?: number | string | null;
}): string {
  if (killed) return `did not end within ${COMMAND_MS / 1000} seconds`;
  return `failed (${typeof code === 'number' ? `exit code ${code}` : (code ?? 'killed')})`;
}
