import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { download, type Es9Channel, type HttpAnswer, LpaFailure, sendNotifications } from '@esim-rsp/euicc';
import { type FaultName, faults, type NamedFault } from '@esim-rsp/euicc/fault';
import type { CreateEUICCProfileRequest, OrderEUICCProfileRequest } from '@esim-rsp/sdk';
import { parseActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { runEsim } from '../../harness/esim.ts';
import { downloadBy, newPhone, nextEid } from '../../harness/phone.ts';
import { released, stateOf, subscription } from '../../harness/profiles.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

const eid = nextEid();
const CODE = '2468';

/** Faults that show with an order or a profile of a certain kind only. */
const orders: Partial<Record<FaultName, OrderEUICCProfileRequest>> = {
  'another-euicc': { eid },
  'without-hash-cc': { confirmation_code: CODE },
  'wrong-hash-cc': { confirmation_code: CODE },
};
/** The result of the installation is all that its eUICC says. */
const silent = () => ({ parameters: subscription(), notification_events: [] });
const contents: Partial<Record<FaultName, () => CreateEUICCProfileRequest>> = {
  'ppr1-forbidden': () => ({
    parameters: subscription(),
    profile_policy_rules: ['ppr1'],
    profile_owner: { mcc_mnc: '00101' },
  }),
  'wrong-euicc-sign-pir': silent,
  'other-transaction-in-result': silent,
};

/** What the server answered to each function, last. */
function recorder() {
  const answers = new Map<string, HttpAnswer>();
  const through = (es9: Es9Channel): Es9Channel => ({
    post: async (address, path, body) => {
      const answer = await es9.post(address, path, body);
      answers.set(path.split('/').at(-1) ?? '', answer);
      return answer;
    },
  });
  return { answers, through };
}

function pairIn(answer: HttpAnswer | undefined): string {
  if (answer?.status === 204) return 'acknowledged';
  const { header } = (answer?.body ?? {}) as {
    header?: { functionExecutionStatus: { status: string; statusCodeData?: Record<string, string> } };
  };
  const { statusCodeData: data } = header?.functionExecutionStatus ?? {};
  return data === undefined
    ? `${header?.functionExecutionStatus.status}`
    : `${data.subjectCode}/${data.reasonCode}`;
}

/** A download by a phone with this fault, and what the server said where the fault shows. */
async function misbehaved(name: FaultName) {
  const { step }: NamedFault = faults[name];
  const content = contents[name]?.() ?? { parameters: subscription() };
  const { iccid, activationCode } = await released(server, content, orders[name]);
  const { answers, through } = recorder();
  await using phone = await newPhone(server, {
    fault: name,
    through,
    ...(name === 'another-euicc' && { eid }),
  });
  const input = {
    source: parseActivationCode(activationCode),
    consent: async () => step !== 'cancelSession',
    confirmationCode: async () => (answers.has('getBoundProfilePackage') ? undefined : CODE),
  };
  await download(input, phone.env).catch((error) => assert.ok(error instanceof LpaFailure, String(error)));
  await sendNotifications(phone.env);
  return { said: pairIn(answers.get(step)), state: await stateOf(server, iccid) };
}

for (const [name, { about, refused }] of Object.entries(faults) as [FaultName, NamedFault][])
  test(`${name}: ${about}`, async () => {
    const { said, state } = await misbehaved(name);
    if (name === 'cancel-error') return assert.equal(said, 'undefined'); // an LPA has nothing to send then
    if (refused === 'any') return assert.match(said, /^[\d.]+\/[\d.]+$/);
    assert.equal(said, refused ?? 'acknowledged');
    if (name.startsWith('result-')) assert.equal(state, 'ERROR');
    else if (refused === undefined) assert.equal(state, 'DOWNLOADED');
  });

for (const name of ['result-installFailedDueToInsufficientMemoryForProfile', 'wrong-euicc-sign-pir'] as const)
  test(`${name}: the card reports the installation once, and has a profile only if it reports one`, async () => {
    const { activationCode } = await released(server);
    await using phone = await newPhone(server, { fault: name });
    await downloadBy(phone, activationCode).catch((error) => assert.ok(error instanceof LpaFailure));
    const { profiles, notifications } = phone.phone.card();
    assert.equal(notifications.length, 1);
    assert.equal(profiles.length, name.startsWith('result-') ? 0 : 1);
  });

test('a failed result that the card keeps is a failed one without the fault, too', async () => {
  const place = {
    cwd: server.dataDir,
    env: { ESIM_DATA_DIR: server.dataDir, ESIM_SMDP_ADDRESS: server.smdpAddress },
  };
  const { iccid, activationCode } = await released(server);
  await runEsim(place, 'phone', 'create', '--name', 'failing');
  const failing = ['phone', 'download', activationCode, '--name', 'failing'];
  const failed = await runEsim(place, ...failing, '--fault', 'result-scp03tSecurityError');
  assert.equal(failed.code, 1);
  const { out } = await runEsim(place, 'phone', 'list', '--name', 'failing', '--json');
  assert.deepEqual(JSON.parse(out)[0].profiles, []);
  await runEsim(place, 'phone', 'notifications', '--name', 'failing', '--send');
  assert.equal(await stateOf(server, iccid), 'ERROR');
});

test('every refusal is in the journal of its session with the check that refused', async () => {
  const place = { cwd: server.dataDir, env: { ESIM_DATA_DIR: server.dataDir } };
  const { out, err } = await runEsim(place, 'session', 'list', '--local', '--count', '1000', '--json');
  assert.equal(err, '');
  type Call = { function: string; refused?: object; reported?: object; checks: { outcome: string }[] };
  const calls = JSON.parse(out).flatMap(({ calls }: { calls: Call[] }) => calls) as Call[];
  // A notification is answered 204 whatever it says: one without effect is listed with its reason, and no check of a session refused it.
  const refused = calls.filter(
    (call) => call.refused !== undefined && call.function !== 'handleNotification',
  );
  assert.ok(refused.length > 25);
  for (const { checks, refused: codes } of refused)
    assert.equal(checks.filter(({ outcome }) => outcome === 'refused').length, 1, JSON.stringify(codes));
  assert.ok(calls.filter((call) => call.reported !== undefined).length > 15);
});

test('the command line makes a phone misbehave, and lists what it can do wrong', async () => {
  const place = {
    cwd: server.dataDir,
    env: { ESIM_DATA_DIR: server.dataDir, ESIM_SMDP_ADDRESS: server.smdpAddress },
  };
  const { activationCode } = await released(server);
  const faulty = (name: string) => runEsim(place, 'phone', 'download', activationCode, '--fault', name);
  const refused = await faulty('eum-expired');
  assert.equal(refused.code, 1);
  assert.match(refused.err, /failed at authenticateClient: .*\(the server: 8\.1\.2\/6\.3/);
  assert.equal((await faulty('no-such')).code, 2);
  const well = await runEsim(place, 'phone', 'download', activationCode);
  assert.equal(well.code, 0, well.err);
  const { out } = await runEsim(place, 'phone', 'faults', '--json');
  assert.deepEqual(
    JSON.parse(out).map(({ name }: { name: string }) => name),
    Object.keys(faults),
  );
  const borrowed = await runEsim(place, 'phone', 'apdu', '--fault', 'other-address', '--', 'true');
  assert.equal(borrowed.code, 2);
});
