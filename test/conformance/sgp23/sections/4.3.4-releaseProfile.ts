import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import {
  asOperator,
  createConfirmedOrder,
  expectEs2Refusal,
  orderForEid,
  type Section,
} from '../driver/operator.ts';
import { mustBe } from '../driver/sequence.ts';

/** ES2+.ReleaseProfile. */
export const releaseProfile: Section = {
  '4.3.4 nominal': asOperator(async (operator, bench) => {
    const order = await createConfirmedOrder(operator, bench);
    await mustBe('CONFIRMED', bench, order);
    await operator.call('releaseProfile', { iccid: order.iccid });
    await mustBe('RELEASED', bench, order);
  }),
  '4.3.4 unknown': expectEs2Refusal('releaseProfile', '8.2.1/3.9', async () => ({
    iccid: parseIccid('8900000000000099999'),
  })),
  '4.3.4 not confirmed': expectEs2Refusal('releaseProfile', '8.2.1/3.5', async (operator, bench) => {
    const { iccid } = await orderForEid(operator, bench);
    return { iccid };
  }),
  '4.3.4 foreign': expectEs2Refusal('releaseProfile', '8.2.1/3.9', (operator) => operator.foreign()),
};
