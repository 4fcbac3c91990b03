import type { GetEUICCProfileResponse, UpstreamOperation } from '@esim-rsp/sdk';
import type { ServerProcess } from '../../harness/server.ts';
import type { Book, Ordered } from './orders.ts';
import { type GatewayWorld, vendors } from './world.ts';

const PAGE = 1000;

type Shown = Pick<GetEUICCProfileResponse, 'state' | 'activation_code'> & {
  readonly profileType: string | undefined;
  /** How often it was ordered. */
  readonly orders: number;
};

/** All profiles of a server. */
async function profilesOf({ api }: ServerProcess): Promise<ReadonlyMap<string, Shown>> {
  const orders = new Map<string, number>();
  for await (const { iccid } of api.listEvents({ types: 'profile.ordered', count: PAGE }))
    orders.set(iccid, (orders.get(iccid) ?? 0) + 1);
  const profiles = new Map<string, Shown>();
  for await (const { iccid, state, activation_code, profile_type } of api.iterateEUICCProfiles({
    count: PAGE,
  }))
    profiles.set(iccid, {
      state,
      activation_code,
      profileType: profile_type,
      orders: orders.get(iccid) ?? 0,
    });
  return profiles;
}

/** Compares both servers with each other, and with what customers know: each order ended once, none is doubled, and none is lost. */
export async function compare(world: GatewayWorld, book: Book): Promise<void> {
  const { gateway, vendor, findings } = world;
  await settleUnknown(world, book);
  const [here, there] = [await profilesOf(gateway.server), await profilesOf(vendor.server)];
  const codes = new Map<string, string>();
  let surprises = 0;
  for (const [iccid, shown] of here) {
    const other = there.get(iccid);
    if (shown.state !== other?.state || shown.activation_code !== other?.activation_code)
      findings.lost(
        `${iccid} is ${shown.state} with the code ${shown.activation_code}, and at the vendor ${other?.state} with ${other?.activation_code}`,
      );
    const code = shown.activation_code;
    if (code !== '' && codes.has(code))
      findings.violation(`${iccid} and ${codes.get(code)} have the same code`);
    codes.set(code, iccid);
    const ordered = book.ordered.get(iccid);
    if (ordered !== undefined) compareOrdered(world, ordered, { here: shown, there: other });
    else if (shown.state !== 'AVAILABLE') surprises++;
  }
  if (surprises > book.unanswered)
    findings.violation(
      `${surprises} profiles are ordered by nobody, and ${book.unanswered} orders had no answer`,
    );
  compareStock(world, here, there);
  await mustHaveEnded(world);
}

function compareOrdered(
  { proxies, findings }: GatewayWorld,
  { iccid, vendor, state, orders, calls }: Ordered,
  shown: { readonly here: Shown; readonly there: Shown | undefined },
): void {
  if (shown.here.state !== state) findings.lost(`${iccid} is ${shown.here.state} instead of ${state}`);
  for (const [where, one] of Object.entries(shown))
    if (one?.orders !== orders)
      findings.violation(`${iccid} was ordered ${one?.orders} times instead of ${orders} (${where})`);
  const own = proxies[vendor].calls.filter(
    ({ name, body }) => body.iccid === iccid && name !== 'getProfileStatus',
  );
  const identifiers = new Set(own.map(({ body }) => body.header.functionCallIdentifier));
  if (identifiers.size !== calls)
    findings.violation(`${iccid} needed ${calls} calls, and they have ${identifiers.size} identifiers`);
}

function compareStock(
  { findings }: GatewayWorld,
  here: ReadonlyMap<string, Shown>,
  there: ReadonlyMap<string, Shown>,
): void {
  const countIn = (profiles: ReadonlyMap<string, Shown>, type: string) =>
    [...profiles.values()].filter(({ profileType, state }) => profileType === type && state === 'AVAILABLE')
      .length;
  for (const type of vendors) {
    const [own, other] = [countIn(here, type), countIn(there, type)];
    if (own !== other)
      findings.violation(`${own} profiles of ${type} are in stock, and ${other} at the vendor`);
  }
}

async function operationsIn(
  { gateway }: GatewayWorld,
  state: UpstreamOperation['state'],
): Promise<UpstreamOperation[]> {
  return Array.fromAsync(gateway.server.api.listOperations({ state, count: PAGE }));
}

/** What is left unknown is listed with its reason, only where the vendor repeats nothing, and an admin settles it with what the vendor shows. */
async function settleUnknown(world: GatewayWorld, { ordered }: Book): Promise<void> {
  const { gateway, vendor, findings } = world;
  const listed = await operationsIn(world, 'unknown');
  const isListed = (one: UpstreamOperation) =>
    listed.some(({ id, error }) => id === one.id && error?.message);
  for (const { iccid, unknown } of ordered.values())
    if (unknown?.state === 'unknown' && !isListed(unknown))
      findings.lost(
        `the outcome of ${unknown.call} of ${iccid} is not known, and it is not listed with its reason`,
      );
  for (const { id, iccid = '', upstream, call, error } of listed) {
    if (upstream !== 'forgetful' || call !== 'confirmOrder')
      findings.violation(
        `${call} of ${iccid} is left unknown, although ${upstream} can say it: ${error?.message}`,
      );
    const { matching_id = '' } = (await vendor.server.api.getEUICCProfile(iccid)).data;
    const { data } = await gateway.server.api.settleOperation(id, { outcome: 'done', matching_id });
    if (data.state !== 'done') findings.violation(`${iccid} is settled, and its operation is ${data.state}`);
    const known = ordered.get(iccid);
    if (known !== undefined)
      known.state = (await gateway.server.api.getEUICCProfile(iccid)).data.state as Ordered['state'];
  }
}

async function mustHaveEnded(world: GatewayWorld): Promise<void> {
  for (const state of ['waiting', 'sent', 'unknown'] as const)
    for (const { id, iccid, call, attempts, next_attempt_at, error } of await operationsIn(world, state))
      world.findings.violation(
        `the operation ${id} of ${iccid} is ${state}, and has not ended: ${call}, ${attempts} attempts, next ${next_attempt_at}, ${error?.message}`,
      );
}
