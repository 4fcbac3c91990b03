import { installationResult, notify } from '../driver/notification.ts';
import { asOperator, confirmed } from '../driver/operator.ts';
import {
  type Bench,
  deviceFor,
  mustBe,
  type Section,
  type Sequence,
  upToPackage,
} from '../driver/sequence.ts';
import type { Binding } from '../driver/server.ts';

/** An order, its download and the result of its installation, all by one binding. */
function installed(binding: Binding): Sequence {
  return async (here) => {
    const bench: Bench = { ...here, server: here.by(binding) };
    const order = await bench.fixtures.order('open-cc', bench.issuers);
    await mustBe('RELEASED', bench, order);
    const lpa = deviceFor(bench, order);
    const session = await upToPackage(lpa, order);
    await mustBe('DOWNLOADED', bench, order);
    await notify(lpa, installationResult(lpa, session));
    await mustBe('INSTALLED', bench, order);
  };
}

/** Ordered, confirmed and released by ES2+. */
const byEs2 = asOperator(async (operator, bench) => {
  const order = await confirmed(operator, bench);
  await operator.call('releaseProfile', { iccid: order.iccid });
  const lpa = deviceFor(bench, order);
  await notify(lpa, installationResult(lpa, await upToPackage(lpa, order)));
  await mustBe('INSTALLED', bench, order);
});

/** From the order to the installed Profile. */
export const completeFlow: Section = {
  'flow JSON': installed('json'),
  'flow ASN.1': installed('asn1'),
  'flow ES2+': byEs2,
};
