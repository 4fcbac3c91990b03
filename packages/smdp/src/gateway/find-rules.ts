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
  const { account, profileType } = request;
  const rules = new Map<string, UpstreamRules>();
  const fittingIn = async (stock: readonly Profile[]) => {
    await addRules(
      rules,
      account,
      stock.map(({ upstream }) => upstream),
      reader,
    );
    return stock.filter((one) => fits(one, request, rules));
  };
  const found = { ...(await findStock(account, profileType, reader, attempt, 'anywhere')), rules };
  const fitting = await fittingIn(found.stock);
  if (fitting.length > 0) return { ...found, stock: fitting };
  const from = await reader.upstreamOfType(account, profileType);
  await addRules(rules, account, [from?.upstream], reader);
  if (from === undefined || found.stock.length === 0) return { ...found, from };
  const spare = found.stock.filter(isNotReady);
  if (spare.length > 0 && from.keepReady === 0) return { ...found, stock: spare };
  const more = await reader.availableOfType(account, profileType, WIDEST);
  const others = await fittingIn(more);
  const stock = [others, spare, more.filter(isNotReady)].find((some) => some.length > 0);
  return stock === undefined ? { ...found, stock: [], from } : { ...found, stock };
}

const isNotReady = (profile: Profile) => readyOf(profile) === undefined;

/** Adds the rules of upstreams that are not known yet. */
async function addRules(
  rules: Map<string, UpstreamRules>,
  account: string,
  names: readonly (string | undefined)[],
  reader: Pick<Reader, 'upstream'>,
): Promise<void> {
  for (const name of new Set(names)) {
    const found = name === undefined || rules.has(name) ? undefined : await reader.upstream(account, name);
    if (found !== undefined) rules.set(found.name, found);
  }
}

/** Whether an order takes it: what is kept ready if the order can have that, otherwise what is not. */
function fits(profile: Profile, request: Wanted, rules: StockAnywhere['rules']): boolean {
  if (profile.upstream === undefined) return true;
  return isNotReady(profile) !== canBeReady(request, rules.get(profile.upstream));
}
