import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { asOperator, confirmed, refusedTo, type Section } from '../driver/operator.ts';
import {
  type Bench,
  deviceFor,
  mustBe,
  mustRefuse,
  upToAuthentication,
  upToPackage,
} from '../driver/sequence.ts';
import { getPackage } from '../driver/session.ts';

const back = { finalProfileStatusIndicator: 'Available' } as const;
const unknown = { iccid: parseIccid('8900000000000099999'), ...back };

async function downloaded(bench: Bench) {
  const order = await bench.fixtures.order('open', bench.issuers);
  await upToPackage(deviceFor(bench, order), order);
  return { iccid: order.iccid ?? unknown.iccid, matchingId: parseMatchingId(order.matchingId) };
}

/** ES2+.CancelOrder. */
export const cancelOrder: Section = {
  '4.3.3 nominal': asOperator(async (operator, bench) => {
    const order = await confirmed(operator, bench);
    await operator.call('cancelOrder', { ...order, ...back });
    await mustBe('AVAILABLE', bench, order);
    await operator.call('downloadOrder', { iccid: order.iccid });
  }),
  '4.3.3 unknown ICCID': refusedTo('cancelOrder', '8.2.1/3.9', async () => unknown),
  '4.3.3 missing EID': refusedTo('cancelOrder', '8.1.1/2.2', async (operator, bench) => {
    const { iccid, matchingId } = await confirmed(operator, bench);
    return { iccid, matchingId, ...back };
  }),
  '4.3.3 wrong matchingId': refusedTo('cancelOrder', '8.2.6/3.10', async (operator, bench) => {
    const { iccid, eid } = await confirmed(operator, bench);
    return { iccid, eid, matchingId: parseMatchingId('ANOTHER'), ...back };
  }),
  '4.3.3 Available profile': refusedTo('cancelOrder', '8.2.1/3.3', async (operator) => {
    const { iccid } = await operator.stock();
    return { iccid, ...back };
  }),
  '4.3.3 after download': refusedTo('cancelOrder', '8.2.1/3.3', async (_operator, bench) => ({
    ...(await downloaded(bench)),
    ...back,
  })),
  '4.3.3 session under way': asOperator(async (operator, bench) => {
    const order = await confirmed(operator, bench, true);
    const lpa = deviceFor(bench, order);
    const session = await upToAuthentication(lpa, order);
    await operator.call('cancelOrder', { ...order, ...back });
    const { iccid } = order; // a new order of the same profile is none of the session's business
    await operator.call('downloadOrder', { iccid });
    await operator.call('confirmOrder', { iccid, releaseFlag: true });
    await mustRefuse('getBoundProfilePackage', '8.10.1/3.9', getPackage(lpa, session, order));
    await mustBe('RELEASED', bench, order);
  }),
};
