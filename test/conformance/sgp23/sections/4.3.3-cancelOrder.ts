import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { asOperator, createConfirmedOrder, expectEs2Refusal, type Section } from '../driver/operator.ts';
import {
  type Bench,
  createDevice,
  mustBe,
  mustRefuse,
  runToAuthentication,
  runToPackage,
} from '../driver/sequence.ts';
import { getPackage } from '../driver/session.ts';

const back = { finalProfileStatusIndicator: 'Available' } as const;
const unknown = { iccid: parseIccid('8900000000000099999'), ...back };

async function downloadProfile(bench: Bench) {
  const order = await bench.fixtures.order('open', bench.issuers);
  await runToPackage(createDevice(bench, order), order);
  return { iccid: order.iccid ?? unknown.iccid, matchingId: parseMatchingId(order.matchingId) };
}

/** ES2+.CancelOrder. */
export const cancelOrder: Section = {
  '4.3.3 nominal': asOperator(async (operator, bench) => {
    const order = await createConfirmedOrder(operator, bench);
    await operator.call('cancelOrder', { ...order, ...back });
    await mustBe('AVAILABLE', bench, order);
    await operator.call('downloadOrder', { iccid: order.iccid });
  }),
  '4.3.3 unknown ICCID': expectEs2Refusal('cancelOrder', '8.2.1/3.9', async () => unknown),
  '4.3.3 missing EID': expectEs2Refusal('cancelOrder', '8.1.1/2.2', async (operator, bench) => {
    const { iccid, matchingId } = await createConfirmedOrder(operator, bench);
    return { iccid, matchingId, ...back };
  }),
  '4.3.3 wrong matchingId': expectEs2Refusal('cancelOrder', '8.2.6/3.10', async (operator, bench) => {
    const { iccid, eid } = await createConfirmedOrder(operator, bench);
    return { iccid, eid, matchingId: parseMatchingId('ANOTHER'), ...back };
  }),
  '4.3.3 Available profile': expectEs2Refusal('cancelOrder', '8.2.1/3.3', async (operator) => {
    const { iccid } = await operator.stock();
    return { iccid, ...back };
  }),
  '4.3.3 after download': expectEs2Refusal('cancelOrder', '8.2.1/3.3', async (_operator, bench) => ({
    ...(await downloadProfile(bench)),
    ...back,
  })),
  '4.3.3 session under way': asOperator(async (operator, bench) => {
    const order = await createConfirmedOrder(operator, bench, true);
    const lpa = createDevice(bench, order);
    const session = await runToAuthentication(lpa, order);
    await operator.call('cancelOrder', { ...order, ...back });
    const { iccid } = order; // the session must not download the new order of the same Profile
    await operator.call('downloadOrder', { iccid });
    await operator.call('confirmOrder', { iccid, releaseFlag: true });
    await mustRefuse('getBoundProfilePackage', '8.10.1/3.9', getPackage(lpa, session, order));
    await mustBe('RELEASED', bench, order);
  }),
};
