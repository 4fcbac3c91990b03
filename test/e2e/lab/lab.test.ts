import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiError, type LabEvent } from '@esim-rsp/sdk';
import { type ServerProcess, startServer } from '../../harness/server.ts';

/** The phone on the screen of a demo: what the console does with it, over REST and the SDK. */

let server: ServerProcess;
before(async () => {
  server = await startServer({ ESIM_DEMO: '1' });
});
after(() => server[Symbol.asyncDispose]());

const refused = (status: number, code: string) => (error: unknown) =>
  error instanceof ApiError && error.status === status && error.code === code;

/** A released profile with its activation code. */
async function released(order: { confirmation_code?: string } = {}) {
  const { data: types } = await server.api.listProfileTypes();
  assert.ok(types);
  const iccid = `8988303${String(Date.now()).slice(-11)}${Math.floor(Math.random() * 10)}`;
  await server.api.createEUICCProfile({
    profile_name: 'Lab',
    parameters: {
      iccid,
      imsi: `00101${iccid.slice(-10)}`,
      ki: '00112233445566778899aabbccddeeff',
      opc: 'ffeeddccbbaa99887766554433221100',
    },
  });
  await server.api.orderEUICCProfile(iccid, order);
  const { data } = await server.api.getActivationCode(iccid);
  return { iccid, code: data.activation_code };
}

const stateOf = async (iccid: string) => (await server.api.getEUICCProfile(iccid)).data.state;

type Answering = (
  question: NonNullable<LabEvent['question']>,
) => Parameters<ServerProcess['api']['answerLabQuestion']>[1];

/** Begins a download, answers the questions, and gives its events when it has ended. */
async function download(code: string, answering: Answering, fault?: string): Promise<LabEvent[]> {
  const { last_event } = (await server.api.getLabPhone()).data;
  const { id } = (await server.api.downloadToLabPhone({ activation_code: code, ...(fault && { fault }) }))
    .data;
  const events: LabEvent[] = [];
  for await (const event of server.api.followLabEvents({ after: last_event })) {
    events.push(event);
    if (event.question) await server.api.answerLabQuestion(id, answering(event.question));
    if (event.type === 'download.ended') return events;
  }
  return assert.fail('the stream ended');
}

const agree: Answering = () => ({ agrees: true });
const endOf = (events: readonly LabEvent[]) =>
  events.at(-1)?.end ?? assert.fail('the download has not ended');
const callsIn = (events: readonly LabEvent[]) => events.flatMap(({ call }) => call ?? []);

test('a code is downloaded, call by call, and the state follows the phone to the end', async () => {
  const { iccid, code } = await released();
  const events = await download(code, (question) => {
    assert.equal(question.kind, 'consent');
    assert.equal(question.profile_name, 'Lab');
    return { agrees: true };
  });
  assert.deepEqual([endOf(events).outcome, endOf(events).iccid], ['installed', iccid]);
  const calls = callsIn(events);
  assert.deepEqual(
    calls
      .filter(({ to }) => to === 'smdp')
      .slice(0, 4)
      .map((call) => [call.function, call.outcome]),
    ['initiateAuthentication', 'authenticateClient', 'getBoundProfilePackage', 'handleNotification'].map(
      (name) => [name, 'done'],
    ),
  );
  const load = calls.find((call) => call.function === 'loadBoundProfilePackage');
  assert.ok(
    load && load.parts > 5 && load.about !== '',
    'a package is loaded in many parts, and is one call',
  );
  assert.equal(await stateOf(iccid), 'INSTALLED');
  const phone = (await server.api.getLabPhone()).data;
  assert.deepEqual([phone.profiles.map((profile) => profile.iccid), phone.notifications], [[iccid], 0]);
  for (const [change, state] of [
    ['enableLabProfile', 'ENABLED'],
    ['disableLabProfile', 'DISABLED'],
    ['deleteLabProfile', 'DELETED'],
  ] as const) {
    await server.api[change](iccid);
    assert.equal(await stateOf(iccid), state);
  }
  assert.deepEqual((await server.api.getLabPhone()).data.profiles, []);
});

test('the phone can be looked at all the time, also while it loads a package', async () => {
  const { code } = await released();
  let hasEnded = false;
  const looked = (async () => {
    let times = 0;
    for (; !hasEnded; times++) assert.equal((await server.api.getLabPhone({ retries: 0 })).status, 200);
    return times;
  })();
  const events = await download(code, agree).finally(() => {
    hasEnded = true;
  });
  assert.equal(endOf(events).outcome, 'installed');
  assert.ok((await looked) > 3);
});

test('a call shows what it carried, in words and octets, and hides the code in the words', async () => {
  const { code } = await released();
  const calls = callsIn(await download(code, agree));
  const id = calls.find((call) => call.function === 'authenticateServer')?.id ?? assert.fail('it was called');
  const { call, request, answer } = (await server.api.getLabCall(id)).data;
  assert.equal(call.to, 'euicc');
  assert.match(request.explained, /^AuthenticateServerRequest \[BF38/);
  assert.match(request.octets, /^BF38/);
  assert.match(answer?.explained ?? '', /euiccSigned1/);
  const matchingId = code.split('$')[2] ?? assert.fail('it has a MatchingID');
  assert.ok(!request.explained.includes(matchingId));
  const toServer = calls.find((each) => each.function === 'getBoundProfilePackage')?.id ?? assert.fail();
  const bound = (await server.api.getLabCall(toServer)).data;
  assert.match(bound.answer?.explained ?? '', /BoundProfilePackage/);
  assert.deepEqual(JSON.parse(bound.request.octets).transactionId !== undefined, true);
  await assert.rejects(server.api.getLabCall('999999'), refused(404, 'lab_not_found'));
});

test('the phone asks for the confirmation code, again after a wrong one', async () => {
  const { iccid, code } = await released({ confirmation_code: '2468' });
  const asked: boolean[] = [];
  const events = await download(code, ({ kind, again }) => {
    if (kind === 'consent') return { agrees: true };
    asked.push(again);
    return { agrees: true, confirmation_code: again ? '2468' : '1111' };
  });
  assert.deepEqual([asked, endOf(events).outcome], [[false, true], 'installed']);
  assert.equal(await stateOf(iccid), 'INSTALLED');
  const wrong = callsIn(events).filter(({ outcome }) => outcome === 'refused');
  assert.deepEqual(
    wrong.map((call) => [call.function, call.subject_code, call.reason_code]),
    [['getBoundProfilePackage', '8.2.7', '3.8']],
  );
});

test('a user who says no ends the download, and the profile waits for another', async () => {
  const { iccid, code } = await released();
  const events = await download(code, () => ({ agrees: false }));
  assert.equal(endOf(events).outcome, 'declined');
  assert.ok(callsIn(events).some((call) => call.to === 'smdp' && call.function === 'cancelSession'));
  assert.notEqual(await stateOf(iccid), 'INSTALLED');
});

test('a fault is refused, and the attempt at the server shows which check failed', async () => {
  const { code } = await released();
  const { faults } = (await server.api.listLabFaults()).data;
  assert.ok(faults.some(({ name, refused }) => name === 'eum-expired' && refused === '8.1.2/6.3'));
  const end = endOf(await download(code, agree, 'eum-expired'));
  assert.deepEqual([end.outcome, end.subject_code, end.reason_code], ['refused', '8.1.2', '6.3']);
  assert.ok(end.advice && end.transaction_id);
});

test('the phone does one thing at a time, and refuses what it cannot do', async () => {
  const { code } = await released();
  const refusedDownload = (request: object) => server.api.downloadToLabPhone(request);
  await assert.rejects(refusedDownload({ activation_code: 'no code' }), refused(400, 'invalid_value'));
  await assert.rejects(
    refusedDownload({ activation_code: 'LPA:1$another.example.com$K2-XYZ' }),
    refused(400, 'invalid_value'),
    'no code makes the server call another host',
  );
  await assert.rejects(
    refusedDownload({ activation_code: code, fault: 'toString' }),
    refused(400, 'invalid_value'),
  );
  await assert.rejects(server.api.enableLabProfile('8988303000000000999'), refused(404, 'lab_not_found'));
  await assert.rejects(server.api.answerLabQuestion('77', { agrees: true }), refused(404, 'lab_not_found'));
  const { id } = (await server.api.downloadToLabPhone({ activation_code: code })).data;
  await assert.rejects(server.api.downloadToLabPhone({ activation_code: code }), refused(409, 'lab_busy'));
  await assert.rejects(server.api.sendLabNotifications(), refused(409, 'lab_busy'));
  assert.equal((await server.api.getLabPhone()).data.download?.id, id, 'it can be looked at meanwhile');
  for await (const { question, type, download_id } of server.api.followLabEvents()) {
    if (download_id !== id) continue;
    if (question) await server.api.answerLabQuestion(id, { agrees: false });
    if (type === 'download.ended') break;
  }
});

test('only a demo has such a phone, and a session says so', async () => {
  const paths = async ({ restUrl }: ServerProcess) =>
    Object.keys((await (await fetch(`${restUrl}/openapi.json`)).json()).paths);
  assert.ok((await paths(server)).includes('/api/v1/esim/lab/phone'));
  await using plain = await startServer();
  assert.deepEqual(
    (await paths(plain)).filter((path) => path.includes('/lab/')),
    [],
  );
  await assert.rejects(plain.api.getLabPhone(), refused(404, 'no_such_path'));
  const sessions = [await server.api.getSession(), await plain.api.getSession()];
  assert.deepEqual(
    sessions.map(({ data }) => data.lab),
    [true, false],
  );
});
