import type { Break } from './attack.ts';

/** For every attack at least one break of the source that it must notice (`npm run attack -- --prove`). */
export const breaks: readonly Break[] = [
  {
    attack: "a tenant gets the same answer for another's profile as for one that does not exist",
    file: 'packages/server/src/rest/profiles/getEUICCProfile.ts',
    from: 'throw noSuchProfile(params.iccid);',
    to: "throw Object.assign(noSuchProfile(params.iccid), await (store as never as { profile(iccid: string): Promise<object> }).profile(params.iccid) && { message: 'it belongs to another account' });",
  },
];
