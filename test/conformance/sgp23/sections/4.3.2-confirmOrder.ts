import assert from 'node:assert/strict';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { generateEid } from '../driver/euicc.ts';
import {
  asOperator,
  createConfirmedOrder,
  expectEs2Refusal,
  orderForEid,
  type Section,
} from '../driver/operator.ts';

const releaseFlag = true;
const unknown = { iccid: parseIccid('8900000000000099999'), releaseFlag };

/** ES2+.ConfirmOrder. */
export const confirmOrder: Section = {
  '4.3.2 nominal': asOperator(async (operator) => {
    const { iccid } = await operator.stock();
    await operator.call('downloadOrder', { iccid });
    const { matchingId, eid } = await operator.call('confirmOrder', { iccid, releaseFlag });
    assert.match(matchingId, /^[0-9A-Z-]+$/);
    assert.equal(eid, undefined);
  }),
  '4.3.2 unknown ICCID': expectEs2Refusal('confirmOrder', '8.2.1/3.9', async () => unknown),
  '4.3.2 Available profile': expectEs2Refusal('confirmOrder', '8.2.1/3.3', async (operator) => {
    const { iccid } = await operator.stock();
    return { iccid, releaseFlag };
  }),
  '4.3.2 conflicting matchingId': expectEs2Refusal('confirmOrder', '8.2.6/3.3', async (operator, bench) => {
    const { matchingId } = await createConfirmedOrder(operator, bench);
    const { iccid } = await orderForEid(operator, bench);
    return { iccid, matchingId, releaseFlag };
  }),
  '4.3.2 wrong smdsAddress': expectEs2Refusal('confirmOrder', '8.9/5.1', async (operator, bench) => {
    const { iccid, eid } = await orderForEid(operator, bench);
    return { iccid, eid, smdsAddress: 'invalid.smds.address', releaseFlag };
  }),
  '4.3.2 empty matchingId without EID': expectEs2Refusal('confirmOrder', '8.1.1/2.2', async (operator) => {
    const { iccid } = await operator.stock();
    await operator.call('downloadOrder', { iccid });
    return { iccid, matchingId: parseMatchingId(''), releaseFlag };
  }),
  '4.3.2 other EID': expectEs2Refusal('confirmOrder', '8.1.1/3.10', async (operator, bench) => {
    const { iccid } = await orderForEid(operator, bench);
    return { iccid, eid: generateEid(bench.issuers), releaseFlag };
  }),
};
