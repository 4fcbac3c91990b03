import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import { Type } from '@sinclair/typebox';
import { closed } from '../../shapes/shape.ts';
import type { ProfileStore } from '../../store/ports/profiles.ts';
import { unknownUnlessOf } from '../../store/ports/unreadable-rows.ts';
import type { Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { Iccid } from './profile.ts';

export const IccidParams = Type.Object({ iccid: Iccid }, closed);

/** The caller's profile; one of another account is not found. */
export async function ownedProfile(
  { store }: Services<Pick<ProfileStore, 'profile'>>,
  account: string,
  iccid: string,
): Promise<Profile> {
  const profile = await store.profile(parseIccid(iccid)).catch(unknownUnlessOf(account));
  if (profile?.account !== account) throw noSuchProfile(iccid);
  return profile;
}

export function noSuchProfile(iccid: string): HttpProblem {
  return new HttpProblem(404, 'profile_not_found', `there is no eUICC profile with the ICCID ${iccid}`);
}
