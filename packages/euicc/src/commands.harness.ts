import { decode, encode, type Type } from '@esim-rsp/codec';
import {
  DeleteProfileRequest,
  DeleteProfileResponse,
  DisableProfileRequest,
  DisableProfileResponse,
  EnableProfileRequest,
  EnableProfileResponse,
  EuiccMemoryResetRequest,
  EuiccMemoryResetResponse,
  NotificationSentRequest,
  NotificationSentResponse,
  type ProfileIdentifier,
  SetNicknameRequest,
  SetNicknameResponse,
} from '@esim-rsp/sgp22/asn1/es10';
import { type Iccid, iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { dataOf, type Reader } from './server.harness.ts';

const refreshFlag = Uint8Array.of(0xff);

export function byIccid(iccid: Iccid): ProfileIdentifier {
  return { iccid: iccidToSwappedBcd(iccid) };
}

/** Sends a command and gives the result in its answer. */
function resultOf<T>(
  reader: Reader,
  type: Type<T>,
  request: T,
  response: Type<{ readonly result: number }>,
): number {
  return decode(response, dataOf(reader.transmit(encode(type, request)))).result;
}

export function enable(reader: Reader, profileIdentifier: ProfileIdentifier): number {
  return resultOf(reader, EnableProfileRequest, { profileIdentifier, refreshFlag }, EnableProfileResponse);
}

export function disable(reader: Reader, profileIdentifier: ProfileIdentifier): number {
  return resultOf(reader, DisableProfileRequest, { profileIdentifier, refreshFlag }, DisableProfileResponse);
}

export function remove(reader: Reader, profileIdentifier: ProfileIdentifier): number {
  return resultOf(reader, DeleteProfileRequest, { profileIdentifier }, DeleteProfileResponse);
}

export function reset(reader: Reader, ...options: number[]): number {
  const resetOptions = new Set(options);
  return resultOf(reader, EuiccMemoryResetRequest, { resetOptions }, EuiccMemoryResetResponse);
}

export function rename(reader: Reader, iccid: Iccid, profileNickname: string): number {
  const request = { iccid: iccidToSwappedBcd(iccid), profileNickname };
  return resultOf(reader, SetNicknameRequest, request, SetNicknameResponse);
}

export function removeNotification(reader: Reader, seqNumber: number): number {
  return resultOf(reader, NotificationSentRequest, { seqNumber }, NotificationSentResponse);
}
