import { type Der, encodeWithBytes } from '@esim-rsp/codec';
import { CtxParams1 } from '@esim-rsp/sgp22/asn1/authentication';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import type { DeviceInfo, EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { bppCommandIds } from '@esim-rsp/sgp22/asn1/notification';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { transactionIdFromBytes } from '@esim-rsp/sgp22/value/transaction-id';
import type { Fault, Named } from './fault.ts';

/** Faults with a parameter, such as the address that the LPA asks for. */

/** Changes the last bit. */
export function flipLastBit(octets: Uint8Array): Uint8Array {
  return octets.with(-1, (octets.at(-1) ?? 0) ^ 1);
}

export function otherSignature({ value }: Der<Uint8Array>): Der<Uint8Array> {
  return encodeWithBytes(Signature, flipLastBit(value));
}

export const address = (smdpAddress: string): Fault => ({
  initiateAuthentication: (request) => ({ ...request, smdpAddress }),
});

export const info = (members: Partial<EUICCInfo2>): Fault => ({
  euiccInfo: (own) => ({ ...own, ...members }),
});

export const svn = (...version: [number, number, number]): Fault => info({ svn: Uint8Array.from(version) });

export const device = (deviceInfo: DeviceInfo): Fault => ({
  euiccSigned1: (signed) => {
    const own = signed.ctxParams1.value.ctxParamsForCommonAuthentication;
    const ctxParamsForCommonAuthentication = { ...own, deviceInfo };
    return { ...signed, ctxParams1: encodeWithBytes(CtxParams1, { ctxParamsForCommonAuthentication }) };
  },
});

/** Another MatchingID; `undefined` leaves it out. */
export const matchingId = (wanted: string | undefined): Fault => ({
  euiccSigned1: (signed) => {
    const { deviceInfo } = signed.ctxParams1.value.ctxParamsForCommonAuthentication;
    const ctxParamsForCommonAuthentication = {
      ...(wanted !== undefined && { matchingId: wanted }),
      deviceInfo,
    };
    return { ...signed, ctxParams1: encodeWithBytes(CtxParams1, { ctxParamsForCommonAuthentication }) };
  },
});

/** Another transactionId in the request, outside the signed part. */
export function transactionOf(
  step: 'authenticateClient' | 'getBoundProfilePackage' | 'cancelSession',
): Fault {
  const change = <R extends Named>(request: R, random: Random): R => ({
    ...request,
    transactionId: transactionIdFromBytes(random(16)),
  });
  return { [step]: change };
}

/** Another transactionId in what the eUICC signs. */
export function transactionIn(
  signed: 'euiccSigned1' | 'euiccSigned2' | 'euiccCancelSessionSigned' | 'profileInstallationResultData',
): Fault {
  const change = <S extends { readonly transactionId: Uint8Array }>(value: S, random: Random): S => ({
    ...value,
    transactionId: random(16),
  });
  return { [signed]: change };
}

/** The eUICC reports that LoadProfileElements failed. */
export const installationError = (errorReason: number): Fault => ({
  profileInstallationResultData: (data) => ({
    ...data,
    finalResult: { errorResult: { bppCommandId: bppCommandIds.loadProfileElements, errorReason } },
  }),
});
