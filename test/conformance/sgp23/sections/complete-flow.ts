import { installationResult, notify } from '../driver/notification.ts';
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

/** From the order to the installed Profile. */
export const completeFlow: Section = {
  'flow JSON': installed('json'),
  'flow ASN.1': installed('asn1'),
};
