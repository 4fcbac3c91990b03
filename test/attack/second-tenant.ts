import assert from 'node:assert/strict';
import { runEsim } from '../harness/esim.ts';
import type { Target } from './attack.ts';

/** An account beside the first one, with a key that may do everything within it. */
export type Tenant = { readonly account: string; readonly headers: Readonly<Record<string, string>> };

export async function secondTenant({ dataDir }: Target, account = 'neighbour'): Promise<Tenant> {
  const esim = async (...args: string[]) => {
    const { code, out, err } = await runEsim({ cwd: dataDir, env: { ESIM_DATA_DIR: dataDir } }, ...args);
    assert.equal(code, 0, err);
    return out.trim();
  };
  await esim('account', 'create', 'Neighbour', '--user-id', account);
  return { account, headers: { 'x-user-id': account, 'x-api-key': await esim('key', 'create', account) } };
}
