import type { Upstream, UpstreamStore } from '../../store/ports/gateway/upstreams.ts';
import type { Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';

/** The caller's upstream; one of another account is not found. */
export async function ownedUpstream(
  { store }: Services<UpstreamStore>,
  account: string,
  name: string,
): Promise<Upstream> {
  const upstream = await store.upstream(account, name);
  if (upstream === undefined) throw noSuchUpstream(name);
  return upstream;
}

export function noSuchUpstream(name: string): HttpProblem {
  return new HttpProblem(
    404,
    'upstream_not_found',
    `there is no upstream ${name}: GET /upstreams lists yours`,
  );
}
