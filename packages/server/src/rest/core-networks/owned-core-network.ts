import type { CoreNetwork, CoreNetworkStore } from '../../store/ports/gateway/core-networks.ts';
import type { Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';

/** The caller's core network; one of another account is not found. */
export async function ownedCoreNetwork(
  { store }: Services<CoreNetworkStore>,
  account: string,
  name: string,
): Promise<CoreNetwork> {
  const core = await store.coreNetwork(account, name);
  if (core === undefined) throw noSuchCoreNetwork(name);
  return core;
}

export function noSuchCoreNetwork(name: string): HttpProblem {
  return new HttpProblem(
    404,
    'core_network_not_found',
    `there is no core network ${name}: GET /core-networks lists yours`,
  );
}
