import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian has the library of SoftHSM2. */
const MODULES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib64/pkcs11/libsofthsm2.so'];
export const modulePath = MODULES.find((path) => existsSync(path)) ?? (MODULES[0] as string);

/** Why a test with a token is skipped. false: it can run. */
export const withoutTokens: string | false = (() => {
  if (!existsSync(modulePath) || spawnSync('softhsm2-util', ['--version']).error !== undefined)
    return 'SoftHSM2 is not installed (apt-get install softhsm2)';
  try {
    createRequire(import.meta.url)('pkcs11js');
    return false;
  } catch {
    return 'the addon of pkcs11js is not built (npm rebuild pkcs11js --ignore-scripts=false)';
  }
})();

export const PIN = '648219-is-the-pin';

/** A SoftHSM2 with tokens of its own, and the file of the PIN. */
export type SoftHsm = Disposable & {
  readonly folder: string;
  /** What a process needs to use it. */
  readonly env: { readonly SOFTHSM2_CONF: string };
  readonly pinFile: string;
  addToken(label: string): void;
};

/** Creates one with a token. Processes use it with the variables of `env`. */
export function createSoftHsm(label: string): SoftHsm {
  const folder = mkdtempSync(join(tmpdir(), 'esim-softhsm-'));
  const env = { SOFTHSM2_CONF: join(folder, 'softhsm2.conf') };
  mkdirSync(join(folder, 'tokens'));
  writeFileSync(env.SOFTHSM2_CONF, `directories.tokendir = ${folder}/tokens\nlog.level = ERROR\n`);
  const pinFile = join(folder, 'pin');
  writeFileSync(pinFile, PIN, { mode: 0o600 });
  const addToken = (name: string) => {
    const args = ['--init-token', '--free', '--label', name, '--pin', PIN, '--so-pin', 'the-so-pin'];
    execFileSync('softhsm2-util', args, { env: { ...process.env, ...env } });
  };
  addToken(label);
  return {
    folder,
    env,
    pinFile,
    addToken,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
