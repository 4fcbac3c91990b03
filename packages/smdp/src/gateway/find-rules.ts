import type { Reader } from '../ports.ts';
import type { TypeAtUpstream } from '../state/gateway/operation.ts';
import type { UpstreamRules } from '../state/gateway/upstream-rules.ts';
import { type Profile, readyOf } from '../state/profile.ts';
import { findStock, type TypeStock, WIDEST } from '../stock/supply.ts';
import { canBeReady, type Wanted } from './ready-order.ts';

/** The rules of the upstream of a Profile; undefined: it is at none, or at one that was deleted. */
export async function findRules(
  profile: Profile | undefined,
  reader: Pick<Reader, 'upstream'>,
): Promise<UpstreamRules | undefined> {
  return profile?.upstream === undefined ? undefined : reader.upstream(profile.account, profile.upstream);
}

/** What there is of a type, here and at upstreams, and the rules of these, by name. */
export type StockAnywhere = TypeStock & {
  readonly rules: ReadonlyMap<string, UpstreamRules>;
  /** The upstream of the type, if there is none of it in stock that the order can have. */
  readonly from?: TypeAtUpstream | undefined;
};

type WantedOfType = Wanted & { readonly account: string; readonly profileType: string };

/** Only those that the order can have, or the upstream of the type if there is none. */
export async function findStockAnywhere(
  request: WantedOfType,
  reader: Reader,
  attempt: number,
): Promise<StockAnywhere> {
  const found = await findFitting(request, reader, attempt);
  const names = new Set([found.from?.upstream, ...found.stock.map(({ upstream }) => upstream)]);
  const rules = new Map<string, UpstreamRules>();
  for (const name of names) {
    const known = name === undefined ? undefined : await reader.upstream(request.account, name);
    if (known !== undefined) rules.set(known.name, known);
  }
  return { ...found, rules };
}

async function findFitting(
  request: WantedOfType,
  reader: Reader,
  attempt: number,
): Promise<Omit<StockAnywhere, 'rules'>> {
  const { account, profileType } = request;
  const found = await findStock(account, profileType, reader, attempt, 'anywhere');
  const fits = fittingIn(found.stock, request);
  if (fits.length > 0) return { ...found, stock: fits };
  const from = await reader.upstreamOfType(account, profileType);
  if (from === undefined || found.stock.length === 0) return { ...found, from };
  if (canBeReady(request) && from.keepReady === 0) return found;
  const more = await reader.availableOfType(account, profileType, WIDEST);
  const others = fittingIn(more, request);
  if (others.length > 0) return { ...found, stock: others };
  return canBeReady(request) ? found : { ...found, stock: [], from };
}

/** Those in stock that an order takes without giving up what is kept ready for others, and with what is kept ready for it. */
function fittingIn(stock: readonly Profile[], request: Wanted): readonly Profile[] {
  const isFor = canBeReady(request);
  return stock.filter((one) => one.upstream === undefined || (readyOf(one) !== undefined) === isFor);
}
