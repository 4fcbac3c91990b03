import { unprotectWithPpk } from '@esim-rsp/sgp22/bpp/open';
import { buildProfilePackage } from '@esim-rsp/sgp22/profile/build';
import type { ProfileContent } from '@esim-rsp/smdp/state/content';

/** The unprotected profile package of a profile. */
export function packageOf(content: ProfileContent): Uint8Array {
  if ('parameters' in content) return buildProfilePackage(content.parameters);
  return 'package' in content ? content.package : unprotectWithPpk(content.sequenceOf86, content.ppk);
}
