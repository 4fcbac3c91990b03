import assert from 'node:assert/strict';
import { decode, encode } from '@esim-rsp/codec';
import {
  DeleteProfileRequest,
  DeleteProfileResponse,
  DisableProfileRequest,
  DisableProfileResponse,
  EnableProfileRequest,
  EnableProfileResponse,
} from '@esim-rsp/sgp22/asn1/es10';
import { iccidToSwappedBcd, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { TestPhone } from './world.ts';

const refreshFlag = Uint8Array.of(0xff);
const identifier = (iccid: string) => ({ iccid: iccidToSwappedBcd(parseIccid(iccid)) });

export async function enableProfile({ phone }: TestPhone, iccid: string): Promise<void> {
  const request = { profileIdentifier: identifier(iccid), refreshFlag };
  const { data } = await phone.es10.transmit(encode(EnableProfileRequest, request));
  assert.equal(decode(EnableProfileResponse, data).result, 0);
}

export async function disableProfile({ phone }: TestPhone, iccid: string): Promise<void> {
  const request = { profileIdentifier: identifier(iccid), refreshFlag };
  const { data } = await phone.es10.transmit(encode(DisableProfileRequest, request));
  assert.equal(decode(DisableProfileResponse, data).result, 0);
}

export async function deleteProfile({ phone }: TestPhone, iccid: string): Promise<void> {
  const { data } = await phone.es10.transmit(
    encode(DeleteProfileRequest, { profileIdentifier: identifier(iccid) }),
  );
  assert.equal(decode(DeleteProfileResponse, data).result, 0);
}
