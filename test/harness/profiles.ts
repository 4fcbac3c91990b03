import assert from 'node:assert/strict';
import type { CreateEUICCProfileRequest, OrderEUICCProfileRequest } from '@esim-rsp/sdk';
import { luhnDigit } from '@esim-rsp/sgp22/value/iccid';
import type { ServerProcess } from './server.ts';

let counter = 0;

/** ICCIDs that no other test uses. */
export function nextIccid(): string {
  const digits = `8988201${String(++counter).padStart(11, '0')}`;
  return digits + luhnDigit(digits);
}

/** Parameters of a subscription that no other test uses. */
export function subscription() {
  const iccid = nextIccid();
  const imsi = `00101${String(counter).padStart(10, '0')}`;
  const [ki, opc] = ['465b5ce8b199b49faa5f0a2ee238a6bc', 'cd63cb71954a9f4e48a5994e37a02baf'];
  return { iccid, imsi, ki, opc, service_provider_name: 'Example Mobile' };
}

/** Creates and orders a profile; resolves to its ICCID and activation code (empty for a default SM-DP+ order). */
export async function released(
  { api }: ServerProcess,
  content: CreateEUICCProfileRequest = { parameters: subscription() },
  order: OrderEUICCProfileRequest = {},
): Promise<{ readonly iccid: string; readonly activationCode: string }> {
  const { data: stocked } = await api.createEUICCProfile(content);
  assert.equal(stocked.state, 'AVAILABLE');
  const { data } = await api.orderEUICCProfile(stocked.iccid, order);
  assert.equal(data.state, 'RELEASED');
  return { iccid: data.iccid, activationCode: data.activation_code };
}

export async function stateOf({ api }: ServerProcess, iccid: string): Promise<string> {
  return (await api.getEUICCProfile(iccid)).data.state;
}
