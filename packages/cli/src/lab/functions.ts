import { decode, type Type } from '@esim-rsp/codec';
import { AuthenticateServerResponse } from '@esim-rsp/sgp22/asn1/authentication';
import { CancelSessionResponse, PrepareDownloadResponse } from '@esim-rsp/sgp22/asn1/download';
import {
  DeleteProfileResponse,
  DisableProfileResponse,
  EnableProfileResponse,
} from '@esim-rsp/sgp22/asn1/es10';
import { ProfileInstallationResult } from '@esim-rsp/sgp22/asn1/notification';
import { type Es9Name, es9plus } from '@esim-rsp/sgp22/functions/es9plus';

/** A function that the LPA calls, for people who see it for the first time. */
export type FunctionWords = {
  readonly name: string;
  /** What the call is for. */
  readonly about: string;
  /** Whether an answer of the eUICC says no. Throws if it cannot be read. */
  readonly refuses?: (data: Uint8Array) => boolean;
};

function reading<T>(type: Type<T>, refuses: (value: T) => boolean): (data: Uint8Array) => boolean {
  return (data) => refuses(decode(type, data));
}

/** The function that loads a package: the only one that takes many commands. */
export const LOAD: FunctionWords = {
  name: 'loadBoundProfilePackage',
  about:
    'The LPA passes the package on, part by part. Only this eUICC can decrypt it; it installs the profile and signs a result',
  refuses: reading(
    ProfileInstallationResult,
    ({ profileInstallationResultData }) => 'errorResult' in profileInstallationResultData.value.finalResult,
  ),
};

/** The commands of ES10 by their tags in hexadecimal (SGP.22 5.7). */
export const commands: Readonly<Record<string, FunctionWords>> = {
  bf20: {
    name: 'getEuiccInfo',
    about: 'The LPA asks which CIs the eUICC trusts, and which version it speaks',
  },
  bf22: { name: 'getEuiccInfo', about: 'The LPA asks what the eUICC can do' },
  bf2e: {
    name: 'getEuiccChallenge',
    about: 'The eUICC generates a random number, which the server must sign',
  },
  bf38: {
    name: 'authenticateServer',
    about:
      'The eUICC checks the certificate and the signature of the server, then signs the number of the server',
    refuses: reading(AuthenticateServerResponse, (value) => 'authenticateResponseError' in value),
  },
  bf21: {
    name: 'prepareDownload',
    about: 'The eUICC checks the offer and generates a key for this download only',
    refuses: reading(PrepareDownloadResponse, (value) => 'downloadResponseError' in value),
  },
  bf36: LOAD,
  bf41: {
    name: 'cancelSession',
    about: 'The eUICC signs that the download is cancelled, and why',
    refuses: reading(CancelSessionResponse, (value) => 'cancelSessionResponseError' in value),
  },
  bf43: { name: 'getRat', about: 'The LPA asks which policy rules this eUICC allows' },
  bf2d: { name: 'getProfilesInfo', about: 'The LPA asks which profiles are on the eUICC' },
  bf31: {
    name: 'enableProfile',
    about: 'The eUICC enables a profile; the one that was enabled is disabled',
    refuses: reading(EnableProfileResponse, ({ result }) => result !== 0),
  },
  bf32: {
    name: 'disableProfile',
    about: 'The eUICC disables a profile',
    refuses: reading(DisableProfileResponse, ({ result }) => result !== 0),
  },
  bf33: {
    name: 'deleteProfile',
    about: 'The eUICC deletes a profile',
    refuses: reading(DeleteProfileResponse, ({ result }) => result !== 0),
  },
  bf28: { name: 'listNotification', about: 'The LPA asks which notifications wait for a server' },
  bf2b: {
    name: 'retrieveNotificationsList',
    about: 'The LPA takes a notification that the eUICC has signed',
  },
  bf30: { name: 'removeNotificationFromList', about: 'The server has the notification: the eUICC drops it' },
};

const aboutEs9: Readonly<Record<Es9Name, string>> = {
  initiateAuthentication:
    'The LPA passes on the number of the eUICC. The server signs it, shows its certificate, and sends a number of its own',
  authenticateClient:
    'The LPA passes on what the eUICC has signed, with the code. The server checks both, and offers the profile',
  getBoundProfilePackage:
    'The LPA passes on the key of the eUICC. The server encrypts the profile for this key, and sends the package',
  handleNotification:
    'The LPA passes on what the eUICC has signed. The server stores the new state, and thanks',
  cancelSession:
    'The LPA passes on that the download is cancelled. The server checks the signature, and ends the session',
};

/** The function of ES9+ at this path (SGP.22 6.5.2). */
export function es9Words(path: string): FunctionWords {
  const names = Object.keys(es9plus) as Es9Name[];
  const name = names.find((known) => es9plus[known].path === path);
  return name === undefined ? { name: path, about: 'An unknown function' } : { name, about: aboutEs9[name] };
}
