import type { StatusCode } from '@esim-rsp/sgp22/status';
import { profileStates } from '@esim-rsp/smdp/state/profile';
import { Type } from '@sinclair/typebox';
import { literals, named } from './shape.ts';

export const EUICCProfileState = named(
  'EUICCProfileState',
  literals(
    profileStates,
    'The state of a Profile (SGP.22 3.1.6): AVAILABLE in stock; ALLOCATED, LINKED (to an EID) and CONFIRMED while it is ordered; RELEASED for download; DOWNLOADED until the device reports the installation; then INSTALLED, ENABLED, DISABLED or DELETED; ERROR after a failed download; UNAVAILABLE when it is retired',
  ),
);

export const StateReason = named(
  'StateReason',
  Type.Object(
    {
      subject_code: Type.String({ description: 'Subject code, such as 8.1' }),
      reason_code: Type.String({ description: 'Reason code, such as 6.1' }),
      message: Type.String({ description: 'The two codes in words' }),
    },
    { description: 'Why something failed, as codes of SGP.22 5.2.6' },
  ),
);

export function reasonResponse({ subjectCode, reasonCode, message }: StatusCode) {
  return { subject_code: subjectCode, reason_code: reasonCode, message };
}
