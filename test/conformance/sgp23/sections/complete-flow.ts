import { installationResult, notify } from '../driver/notification.ts';
import { asOperator, createConfirmedOrder } from '../driver/operator.ts';
import {
  type Bench,
  createDevice,
  mustBe,
  runToPackage,
  type Section,
  type Sequence,
} from '../driver/sequence.ts';
import type { Binding } from '../driver/server.ts';

/** An order, its download and the result of its installation, with one binding. */
function installProfile(binding: Binding): Sequence {
  return async (here) => {
    const bench: Bench = { ...here, server: here.by(binding) };
    const order = await bench.fixtures.order('open-cc', bench.issuers);
    await mustBe('RELEASED', bench, order);
    const lpa = createDevice(bench, order);
    const session = await runToPackage(lpa, order);
    await mustBe('DOWNLOADED', bench, order);
    await notify(lpa, installationResult(lpa, session));
    await mustBe('INSTALLED', bench, order);
  };
}

/** Ordered, confirmed and released by ES2+. */
const byEs2 = asOperator(async (operator, bench) => {
  const order = await createConfirmedOrder(operator, bench);
  await operator.call('releaseProfile', { iccid: order.iccid });
  const lpa = createDevice(bench, order);
  await notify(lpa, installationResult(lpa, await runToPackage(lpa, order)));
  await mustBe('INSTALLED', bench, order);
});

/** From the order to the installed Profile. */
export const completeFlow: Section = {
  'flow JSON': installProfile('json'),
  'flow ASN.1': installProfile('asn1'),
  'flow ES2+': byEs2,
};
