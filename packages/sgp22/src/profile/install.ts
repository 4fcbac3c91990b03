import { fromHex } from '@esim-rsp/codec';
import { errorReasons } from '../asn1/notification.ts';
import type { Iccid } from '../value/iccid.ts';
import { ProfilePackageError, readProfilePackage } from './read.ts';

/** One EUICCResponse: peStatus ok. */
const OK = fromHex('3007a0053003800100');
/** peStatus bad-values (3). */
const BAD_VALUES = fromHex('3007a0053003800103');
/** peStatus unsupported-profile-version (31). */
const UNSUPPORTED_VERSION = fromHex('3007a005300380011f');

export type InstallationCheck =
  | { readonly ok: true; readonly simaResponse: Uint8Array }
  | { readonly ok: false; readonly errorReason: number; readonly simaResponse?: Uint8Array };

/** What a virtual eUICC checks before it calls a package installed (SGP.22 5.5.5): its elements, version and ICCID. */
export function checkForInstallation(upp: Uint8Array, metadataIccid: Iccid): InstallationCheck {
  try {
    const { header } = readProfilePackage(upp);
    if (header.majorVersion < 1 || header.majorVersion > 3) return peError(UNSUPPORTED_VERSION);
    if (header.iccid !== metadataIccid)
      return { ok: false, errorReason: errorReasons.installFailedDueToDataMismatch };
    return { ok: true, simaResponse: OK };
  } catch (error) {
    if (error instanceof ProfilePackageError) return peError(BAD_VALUES);
    throw error;
  }
}

function peError(simaResponse: Uint8Array): InstallationCheck {
  return { ok: false, errorReason: errorReasons.installFailedDueToPEProcessingError, simaResponse };
}
