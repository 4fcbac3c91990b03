import assert from 'node:assert/strict';
import { PPR1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { checkPpk, expectPackage, type Section } from '../driver/sequence.ts';

/** ES8+ inside Bound Profile Packages: `openPackage` contains the common checks. */
export const es8plus: Section = {
  '4.3.7 InitialiseSecureChannel': expectPackage('open'),
  '4.3.8 ConfigureISDP': expectPackage('open'),
  '4.3.9 StoreMetadata': expectPackage('open'),
  '4.3.9 StoreMetadata icon': expectPackage('icon', ({ metadata }) =>
    assert.equal(metadata.value.icon?.length, 500),
  ),
  '4.3.9 StoreMetadata PPRs': expectPackage('ppr1', ({ metadata }) =>
    assert.deepEqual([...(metadata.value.profilePolicyRules ?? [])], [PPR1]),
  ),
  '4.3.9 StoreMetadata notifications': expectPackage('open', ({ metadata }) =>
    assert.ok((metadata.value.notificationConfigurationInfo?.length ?? 0) > 0),
  ),
  '4.3.9 StoreMetadata owner': expectPackage('owner', ({ metadata }) =>
    assert.equal(metadata.value.profileOwner?.mccMnc.length, 3),
  ),
  '4.3.10 ReplaceSessionKeys': expectPackage('ppk', checkPpk),
  '4.3.11 LoadProfileElements': expectPackage('open', ({ opened }) => {
    assert.equal(opened.ppk, undefined);
    assert.ok(opened.profile.elements.length > 2);
  }),
  '4.3.11 LoadProfileElements PPK': expectPackage('ppk', checkPpk),
};
