import assert from 'node:assert/strict';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { generateCallIdentifier } from '../driver/es2.ts';
import { generateEid } from '../driver/euicc.ts';
import { asOperator, expectEs2Refusal, type Section } from '../driver/operator.ts';

const unknown = { iccid: parseIccid('8900000000000099999') };

/** ES2+.DownloadOrder. */
export const downloadOrder: Section = {
  '4.3.1 nominal, ICCID': asOperator(async (operator) => {
    const { iccid } = await operator.stock();
    assert.deepEqual(await operator.call('downloadOrder', { iccid }), { iccid });
  }),
  '4.3.1 nominal, EID and profileType': asOperator(async (operator, { issuers }) => {
    const { iccid, profileType } = await operator.stock();
    const eid = generateEid(issuers);
    assert.deepEqual(await operator.call('downloadOrder', { eid, profileType }), { iccid });
  }),
  '4.3.1 ICCID already in use': expectEs2Refusal(
    'downloadOrder',
    '8.2.1/3.3',
    async (operator, { issuers }) => {
      const { iccid } = await operator.stock();
      await operator.call('downloadOrder', { iccid, eid: generateEid(issuers) });
      return { iccid };
    },
  ),
  '4.3.1 unknown ICCID': expectEs2Refusal('downloadOrder', '8.2.1/3.9', async () => unknown),
  '4.3.1 repeated identically': asOperator(async (operator) => {
    const { iccid, profileType } = await operator.stock();
    const identifier = generateCallIdentifier();
    for (const _ of [1, 2])
      assert.deepEqual(await operator.call('downloadOrder', { profileType }, identifier), { iccid });
    await operator.call('confirmOrder', { iccid, releaseFlag: true });
    assert.deepEqual(await operator.call('downloadOrder', { profileType }, identifier), { iccid });
  }),
  '4.3.1 wrong type for the ICCID': expectEs2Refusal('downloadOrder', '8.2.5/3.8', async (operator) => {
    const [{ iccid }, { profileType }] = [await operator.stock(), await operator.stock()];
    return { iccid, profileType };
  }),
  '4.3.1 unknown type': expectEs2Refusal('downloadOrder', '8.2.5/3.9', async () => ({
    profileType: 'never stocked',
  })),
  '4.3.1 no stock of the type': expectEs2Refusal('downloadOrder', '8.2.5/3.7', async (operator) => {
    const { profileType } = await operator.stock();
    await operator.call('downloadOrder', { profileType });
    return { profileType };
  }),
  '4.3.1 foreign profile': expectEs2Refusal('downloadOrder', '8.2.1/3.9', (operator) => operator.foreign()),
};
