import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faults } from '@esim-rsp/euicc/fault';
import type { Es9Request } from '@esim-rsp/sgp22/functions/es9plus';
import { installationResult, notify } from '../../conformance/sgp23/driver/notification.ts';
import { mustRefuse, runToAuthentication, runToPackage } from '../../conformance/sgp23/driver/sequence.ts';
import {
  authenticate,
  cancel,
  getPackage,
  initiate,
  type Lpa,
} from '../../conformance/sgp23/driver/session.ts';
import { startToleranceBench, type ToleranceBench } from './device.ts';

// Calls that LPAs repeat, or make after a refusal.

let bench: ToleranceBench;
before(async () => {
  bench = await startToleranceBench();
});
after(() => bench[Symbol.asyncDispose]());

const END_USER_REJECTION = 0;
const POSTPONED = 1;
const healthy = (lpa: Lpa): Lpa => ({ ...lpa, fault: {} });

test('the same AuthenticateClient sent twice is 8.10.1/3.9 the second time, and the download goes on', async () => {
  const sent: Es9Request<'authenticateClient'>[] = [];
  const { lpa, order } = await bench.device({
    fault: {
      authenticateClient: (request) => {
        sent.push(request);
        return request;
      },
    },
  });
  const session = await runToAuthentication(lpa, order);
  const again = lpa.server.call('authenticateClient', sent[0] ?? assert.fail());
  await mustRefuse('authenticateClient', '8.10.1/3.9', again);
  await notify(lpa, installationResult(lpa, await getPackage(lpa, session, order)));
  await bench.mustBe('INSTALLED', order);
});

test('CancelSession after a wrong confirmation code ends the session, and the order waits on', async () => {
  const { lpa, order } = await bench.device({ kind: 'open-cc', fault: faults['wrong-hash-cc'].fault });
  const session = await runToAuthentication(lpa, order);
  await mustRefuse('getBoundProfilePackage', '8.2.7/3.8', getPackage(lpa, session, order));
  await cancel(lpa, session, POSTPONED);
  await bench.mustBe('RELEASED', order);
  const later = getPackage(healthy(lpa), session, order);
  await mustRefuse('getBoundProfilePackage', '8.10.1/3.9', later);
  await runToPackage(healthy(lpa), order);
});

test('endUserRejection after a mistyped confirmation code, as lpac sends it, keeps the order for the next attempt', async () => {
  const { lpa, order } = await bench.device({ kind: 'open-cc', fault: faults['wrong-hash-cc'].fault });
  const session = await runToAuthentication(lpa, order);
  await mustRefuse('getBoundProfilePackage', '8.2.7/3.8', getPackage(lpa, session, order));
  await cancel(lpa, session, END_USER_REJECTION);
  await bench.mustBe('RELEASED', order);
  const again = await runToAuthentication(healthy(lpa), order);
  await notify(lpa, installationResult(lpa, await getPackage(healthy(lpa), again, order)));
  await bench.mustBe('INSTALLED', order);
});

test('CancelSession after AuthenticateClient was refused is 8.10.1/3.9, and the order waits on', async () => {
  const { lpa, order } = await bench.device({ fault: faults['wrong-euicc-signature1'].fault });
  const initiated = await initiate(lpa);
  await mustRefuse('authenticateClient', '8.1/6.1', authenticate(lpa, initiated, order));
  await mustRefuse('cancelSession', '8.10.1/3.9', cancel(lpa, initiated, POSTPONED));
  await bench.mustBe('RELEASED', order);
  await runToPackage(healthy(lpa), order);
});
