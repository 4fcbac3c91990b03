import { type FaultName, faults } from '@esim-rsp/euicc/fault';
import { errorReasons } from '@esim-rsp/sgp22/asn1/notification';
import { enabledNotification, installationResult, notify } from '../driver/notification.ts';
import { createDevice, mustBe, runToPackage, type Section, type Sequence } from '../driver/sequence.ts';

type ReportCase = {
  readonly times?: number;
  readonly fault?: FaultName;
  readonly state: string;
};

/** A complete download. Its ProfileInstallationResult is sent `times` times, and acknowledged each time. */
function reportResult({ times = 1, fault, state }: ReportCase): Sequence {
  return async (bench) => {
    const order = await bench.fixtures.order('open', bench.issuers);
    const lpa = createDevice(bench, order, fault && faults[fault].fault);
    const result = installationResult(lpa, await runToPackage(lpa, order));
    for (let time = 0; time < times; time++) await notify(lpa, result);
    await mustBe(state, bench, order);
  };
}

function reportEnabled(times: number): Sequence {
  return async (bench) => {
    const order = await bench.fixtures.order('open', bench.issuers);
    const lpa = createDevice(bench, order);
    const session = await runToPackage(lpa, order);
    await notify(lpa, installationResult(lpa, session));
    const notification = enabledNotification(lpa, session);
    for (let time = 0; time < times; time++) await notify(lpa, notification);
    await mustBe('ENABLED', bench, order);
  };
}

const failures: Section = Object.fromEntries(
  (Object.keys(errorReasons) as (keyof typeof errorReasons)[]).map((name) => [
    `4.3.15.2.1 errorReason ${errorReasons[name]}`,
    reportResult({ fault: `result-${name}`, state: 'ERROR' }),
  ]),
);

const byAsn1: Sequence = (bench) =>
  reportResult({ state: 'INSTALLED' })({ ...bench, server: bench.by('asn1') });

/** ES9+.HandleNotification. */
export const handleNotification: Section = {
  '4.3.15.2.1 #01': reportResult({ state: 'INSTALLED' }),
  '4.3.15.2.1 #02': reportEnabled(1),
  ...failures,
  '4.3.15.2.1 PIR twice': reportResult({ times: 2, state: 'INSTALLED' }),
  '4.3.15.2.1 notification twice': reportEnabled(2),
  '4.3.15.2.1 PIR signature': reportResult({ fault: 'wrong-euicc-sign-pir', state: 'DOWNLOADED' }),
  '4.3.15.2.1 PIR transaction': reportResult({ fault: 'other-transaction-in-result', state: 'DOWNLOADED' }),
  '4.3.15.2.1 ASN.1': byAsn1,
};
