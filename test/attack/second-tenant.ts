import assert from 'node:assert/strict';
import { join } from 'node:path';
import { runEsim } from '../harness/esim.ts';
import type { Target } from './attack.ts';

/** An account beside the first one, with a key that may do everything within it. */
export type Tenant = { readonly account: string; readonly headers: Readonly<Record<string, string>> };

export async function secondTenant(target: Target, account = 'neighbour'): Promise<Tenant> {
  await esim(target, 'account', 'create', 'Neighbour', '--user-id', account);
  return {
    account,
    headers: { 'x-user-id': account, 'x-api-key': await esim(target, 'key', 'create', account) },
  };
}

/** An operator of the account that may call ES2+; resolves to its name. */
export async function createOperator(target: Target, account: string): Promise<string> {
  const name = `operator-of-${account}`;
  const path = join(target.dataDir, name);
  await esim(target, 'operator', 'make-cert', path);
  await esim(target, 'operator', 'create', '--name', name, '--user', account, '--cert', `${path}.pem`);
  return name;
}

async function esim({ dataDir }: Target, ...args: string[]): Promise<string> {
  const { code, out, err } = await runEsim({ cwd: dataDir, env: { ESIM_DATA_DIR: dataDir } }, ...args);
  assert.equal(code, 0, err);
  return out.trim();
}
