import { protectWithPpk } from '@esim-rsp/sgp22/bpp/bind';
import { unprotectWithPpk } from '@esim-rsp/sgp22/bpp/open';
import { generatePpk } from '@esim-rsp/sgp22/bpp/session-keys';
import type { Env } from '../env.ts';
import type { Reader } from '../ports.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import type { Change } from '../state/change.ts';
import type { ProfileContent } from '../state/content.ts';
import { eidOf, orderOf, type Profile } from '../state/profile.ts';

/**
 * An eUICC that has received a package knows its PPK (SGP.22 2.5.4.2). Where such a Profile becomes free for another eUICC, the package
 * is protected with new keys in the same save, so that the first eUICC cannot read what the second one receives (ADR 5).
 */
export function renewingPpk<Q, R>(fn: Deciding<Q, Profile | undefined, R>): Deciding<Q, Found, R> {
  return {
    load: async (request, reader, attempt) => {
      const profile = await fn.load(request, reader, attempt);
      return { profile, content: await contentToRenew(profile, reader) };
    },
    decide: (request, found, env) => {
      const decision = fn.decide(request, found.profile, env);
      return { ...decision, save: withNewPpk(decision.save, found, env) };
    },
  };
}

/** A function that decides at once. */
export interface Deciding<Q, F, R> extends ProtocolFunction<Q, F, R> {
  decide(request: Q, found: F, env: Env): Decision<R>;
}

export type Found = {
  readonly profile: Profile | undefined;
  /** Only if the Profile may need new keys. */
  readonly content: ProfileContent | undefined;
};

/** The content of a Profile whose package an eUICC has, or may have. */
export async function contentToRenew(
  profile: Profile | undefined,
  reader: Reader,
): Promise<ProfileContent | undefined> {
  return profile?.protection === 'ppk' && wasHandedOut(profile) ? reader.content(profile.iccid) : undefined;
}

/** The same changes, with the package under a new PPK if they free the Profile for another eUICC. */
export function withNewPpk(
  save: readonly Change[],
  { profile, content }: Found,
  { random }: Pick<Env, 'random'>,
): readonly Change[] {
  if (profile === undefined || content === undefined || !('ppk' in content)) return save;
  return save.map((change) => {
    if (!('profile' in change) || !isFreeForAnother(profile, change.profile)) return change;
    const ppk = generatePpk(random);
    const upp = unprotectWithPpk(content.sequenceOf86, content.ppk);
    return { ...change, content: { ppk, sequenceOf86: protectWithPpk(upp, ppk) } };
  });
}

/** UNAVAILABLE and ERROR do not say whether a package was sent before. */
function wasHandedOut(profile: Profile): boolean {
  switch (profile.state) {
    case 'AVAILABLE':
    case 'ALLOCATED':
    case 'LINKED':
    case 'CONFIRMED':
      return false;
    case 'RELEASED':
      return profile.binding !== undefined || profile.order.reusable === true;
    default:
      return true;
  }
}

function isFreeForAnother(before: Profile, after: Profile): boolean {
  if (after.state === 'AVAILABLE') return true;
  if (after.state !== 'RELEASED' || after.binding !== undefined) return false;
  if (before.state === 'RELEASED' && before.order.id === after.order.id) return false;
  const eid = orderOf(after)?.eid;
  return eid === undefined || eid !== eidOf(before);
}
