import assert from 'node:assert/strict';
import { PPR1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { bound, protectedBeforehand, type Section } from '../driver/sequence.ts';

/** ES8+, as it comes inside of Bound Profile Packages: `openPackage` makes the checks that all of them share. */
export const es8plus: Section = {
  '4.3.7 InitialiseSecureChannel': bound('open'),
  '4.3.8 ConfigureISDP': bound('open'),
  '4.3.9 StoreMetadata': bound('open'),
  '4.3.9 StoreMetadata icon': bound('icon', ({ metadata }) => assert.equal(metadata.value.icon?.length, 500)),
  '4.3.9 StoreMetadata PPRs': bound('ppr1', ({ metadata }) =>
    assert.deepEqual([...(metadata.value.profilePolicyRules ?? [])], [PPR1]),
  ),
  '4.3.9 StoreMetadata notifications': bound('open', ({ metadata }) =>
    assert.ok((metadata.value.notificationConfigurationInfo?.length ?? 0) > 0),
  ),
  '4.3.9 StoreMetadata owner': bound('owner', ({ metadata }) =>
    assert.equal(metadata.value.profileOwner?.mccMnc.length, 3),
  ),
  '4.3.10 ReplaceSessionKeys': bound('ppk', protectedBeforehand),
  '4.3.11 LoadProfileElements': bound('open', ({ opened }) => {
    assert.equal(opened.ppk, undefined);
    assert.ok(opened.profile.elements.length > 2);
  }),
  '4.3.11 LoadProfileElements PPK': bound('ppk', protectedBeforehand),
};
