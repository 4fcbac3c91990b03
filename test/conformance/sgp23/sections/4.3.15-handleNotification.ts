import { type FaultName, faults } from '@esim-rsp/euicc/fault';
import { errorReasons } from '@esim-rsp/sgp22/asn1/notification';
import { enabledNotification, installationResult, notify } from '../driver/notification.ts';
import { deviceFor, mustBe, type Section, type Sequence, upToPackage } from '../driver/sequence.ts';

type Told = {
  readonly times?: number;
  readonly fault?: FaultName;
  readonly state: string;
};

/** A whole flow, and its ProfileInstallationResult is acknowledged as often as it comes. */
function reported({ times = 1, fault, state }: Told): Sequence {
  return async (bench) => {
    const order = await bench.fixtures.order('open', bench.issuers);
    const lpa = deviceFor(bench, order, fault && faults[fault].fault);
    const result = installationResult(lpa, await upToPackage(lpa, order));
    for (let time = 0; time < times; time++) await notify(lpa, result);
    await mustBe(state, bench, order);
  };
}

function enabled(times: number): Sequence {
  return async (bench) => {
    const order = await bench.fixtures.order('open', bench.issuers);
    const lpa = deviceFor(bench, order);
    const session = await upToPackage(lpa, order);
    await notify(lpa, installationResult(lpa, session));
    const notification = enabledNotification(lpa, session);
    for (let time = 0; time < times; time++) await notify(lpa, notification);
    await mustBe('ENABLED', bench, order);
  };
}

const failures: Section = Object.fromEntries(
  (Object.keys(errorReasons) as (keyof typeof errorReasons)[]).map((name) => [
    `4.3.15.2.1 errorReason ${errorReasons[name]}`,
    reported({ fault: `result-${name}`, state: 'ERROR' }),
  ]),
);

const byAsn1: Sequence = (bench) => reported({ state: 'INSTALLED' })({ ...bench, server: bench.by('asn1') });

/** ES9+.HandleNotification. */
export const handleNotification: Section = {
  '4.3.15.2.1 #01': reported({ state: 'INSTALLED' }),
  '4.3.15.2.1 #02': enabled(1),
  ...failures,
  '4.3.15.2.1 PIR twice': reported({ times: 2, state: 'INSTALLED' }),
  '4.3.15.2.1 notification twice': enabled(2),
  '4.3.15.2.1 PIR signature': reported({ fault: 'wrong-euicc-sign-pir', state: 'DOWNLOADED' }),
  '4.3.15.2.1 PIR transaction': reported({ fault: 'other-transaction-in-result', state: 'DOWNLOADED' }),
  '4.3.15.2.1 ASN.1': byAsn1,
};
