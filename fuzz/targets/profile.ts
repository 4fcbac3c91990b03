import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { checkForInstallation } from '@esim-rsp/sgp22/profile/install';
import { ProfilePackageError, readProfilePackage } from '@esim-rsp/sgp22/profile/read';
import { Refusal } from '@esim-rsp/sgp22/status';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { packageContent } from '@esim-rsp/smdp/state/content';
import { createProfile, identityOf } from '@esim-rsp/smdp/stock/createProfile';
import { env, iccid } from '../../test/harness/server-in-process.ts';
import { mutateDer } from '../mutate.ts';
import { published } from '../published.ts';
import { allowing, type Target } from '../target.ts';

/** Packages that an operator imports and an eUICC installs. */
export const profile: Target = {
  name: 'profile',
  open: () => {
    const parameters = { iccid, imsi: '001010123456789', ki: systemRandom(16), opc: systemRandom(16) };
    const names = { serviceProviderName: 'Example Mobile', profileName: 'Travel' };
    const own = buildProfilePackage(completeParameters({ ...parameters, ...names }, systemRandom));
    return {
      seeds: [own, ...published('profiles')],
      mutate: mutateDer,
      run: (input) => {
        const read = allowing([ProfilePackageError], () => readProfilePackage(input));
        checkForInstallation(input, read?.iccid ?? parseIccid('8988201000000000019'));
        const request = { account: 'operator', content: packageContent(input) };
        // a package without a subscription is a ValueError
        allowing([ProfilePackageError, ValueError, Refusal], () =>
          createProfile.decide(
            request,
            { identity: identityOf(request.content), existing: undefined, isReserved: false },
            env(),
          ),
        );
      },
    };
  },
};
