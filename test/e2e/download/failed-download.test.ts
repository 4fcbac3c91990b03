import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RefusedCall, RefusedCallsQuery } from '@esim-rsp/sdk';
import { runEsim } from '../../harness/esim.ts';
import { downloadBy, newPhone, nextEid, refusedAt } from '../../harness/phone.ts';
import { released, subscription } from '../../harness/profiles.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

/** A user of the server; the data folder has only the phone. */
function placeOf({ dataDir, smdpAddress, restUrl }: ServerProcess) {
  return {
    cwd: dataDir,
    env: {
      ESIM_DATA_DIR: join(dataDir, 'phones'),
      ESIM_PKI_DIR: join(dataDir, 'pki'),
      ESIM_SMDP_ADDRESS: smdpAddress,
      ESIM_URL: restUrl,
      ESIM_USER_ID: account.ESIM_BOOTSTRAP_USER_ID,
      ESIM_API_KEY: account.ESIM_BOOTSTRAP_API_KEY,
    },
  };
}

test('a download that fails after the session was opened names it, one that never got so far does not', async () => {
  await using server = await startServer();
  const place = {
    cwd: server.dataDir,
    env: { ESIM_DATA_DIR: server.dataDir, ESIM_SMDP_ADDRESS: server.smdpAddress },
  };
  const content = { parameters: subscription() };
  const { activationCode } = await released(server, content, { confirmation_code: '24681012' });

  const wrongCode = await runEsim(
    place,
    'phone',
    'download',
    activationCode,
    '--confirmation-code',
    '13579111',
  );
  assert.equal(wrongCode.code, 1);
  const opened = /opened the session ([0-9A-F]{32})/.exec(wrongCode.err)?.[1] ?? assert.fail(wrongCode.err);
  assert.match(wrongCode.err, new RegExp(`the session at the server: ${opened}\\n`));
  assert.ok(!wrongCode.err.includes('24681012') && !wrongCode.err.includes('13579111'));

  const nowhere = await runEsim(place, 'phone', 'download', 'LPA:1$localhost:1$K2-XYZ');
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.err, /the download failed at initiateAuthentication/);
  assert.doesNotMatch(nowhere.err, /the session at the server/);
});

test('a session shows its calls and the one that was refused, and nothing secret', async () => {
  await using server = await startServer();
  const place = placeOf(server);
  const content = { parameters: subscription() };
  const { activationCode } = await released(server, content, { confirmation_code: '24681012' });
  const failed = await runEsim(place, 'phone', 'download', activationCode, '--confirmation-code', '13579111');
  const opened = /the session at the server: ([0-9A-F]{32})/.exec(failed.err)?.[1] ?? assert.fail(failed.err);

  const shown = await runEsim(place, 'session', 'show', opened.toLowerCase());
  assert.equal(shown.code, 0, shown.err);
  assert.match(shown.out, /initiateAuthentication +accepted/);
  assert.match(shown.out, /authenticateClient +accepted/);
  assert.match(shown.out, /getBoundProfilePackage +refused 8\.2\.7\/3\.8/);
  assert.match(shown.out, /\n {2}✓ the eUICC certificate is valid\n/);
  assert.match(
    shown.out,
    /\n {2}✓ attempts for the confirmation code are left, if the order has one\n {2}✓ a confirmation code was sent, if the order has one\n {2}✗ the confirmation code is right, if the order has one\n {4}the package of the profile is there\n(?: {4}.*\n)* {4}the one-time key/,
  );
  assert.ok(!/24681012|13579111/.test(shown.out));
  const explained = await runEsim(place, 'explain', opened);
  assert.deepEqual([explained.code, explained.out], [0, shown.out]);
  const there = { cwd: server.dataDir, env: { ESIM_DATA_DIR: server.dataDir } };
  assert.equal((await runEsim(there, 'session', 'show', opened, '--local')).out, shown.out);
  const listed = await runEsim(place, 'session', 'list');
  assert.match(listed.out, new RegExp(`  ${opened}  .*getBoundProfilePackage: refused 8\\.2\\.7/3\\.8`));

  const { out } = await runEsim(place, 'session', 'show', opened, '--json');
  const session = JSON.parse(out);
  assert.equal(session.transaction_id, opened);
  const refused = session.calls.filter((call: { refused?: object }) => call.refused !== undefined);
  assert.deepEqual(
    refused.map((call: { function: string; refused: { reason_code: string } }) => [
      call.function,
      call.refused.reason_code,
    ]),
    [['getBoundProfilePackage', '3.8']],
  );

  const unknown = await runEsim(place, 'session', 'show', '00');
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /no session 00/);
  assert.equal((await runEsim(place, 'session', 'show', 'none')).code, 2);
});

test('a refused download is found from the profile, the EID, the time and the reason, in the command line and over REST', async () => {
  await using server = await startServer();
  const place = placeOf(server);
  const { iccid, activationCode } = await released(
    server,
    { parameters: subscription() },
    { eid: nextEid() },
  );
  await using phone = await newPhone(server);
  await assert.rejects(downloadBy(phone, activationCode), refusedAt('authenticateClient', '8.1.1/3.8'));
  const { eid } = phone.phone.card();

  const { events } = (await server.api.getEUICCProfileHistory(iccid)).data;
  const [event] = events.filter(({ type }) => type === 'download.refused');
  assert.equal(event?.reason?.reason_code, '3.8');

  const [yes, no] = [
    { iccid, eid, reason: '8.1.1/3.8', since: '2020-01-01T00:00:00Z' },
    { iccid: '8900000000000000000', eid: nextEid(), reason: '8.1.1/3.9', since: '2100-01-01T00:00:00Z' },
  ];
  for (const name of ['iccid', 'eid', 'reason', 'since'] as const) {
    const over = async (value: string) =>
      (await server.api.listDownloadAttempts({ [name]: value })).data.attempts;
    assert.deepEqual(
      (await over(yes[name])).map((attempt) => [attempt.eid, attempt.iccid, attempt.stage]),
      [[eid, iccid, 'refused']],
    );
    assert.deepEqual(await over(no[name]), []);
    const listed = async (value: string) =>
      JSON.parse((await runEsim(place, 'session', 'list', `--${name}`, value, '--json')).out);
    assert.deepEqual(
      (await listed(yes[name])).map((session: { eid: string; iccid: string }) => [
        session.eid,
        session.iccid,
      ]),
      [[eid, iccid]],
    );
    assert.deepEqual(await listed(no[name]), []);
  }
  assert.equal((await runEsim(place, 'session', 'list', '--reason', 'wrong')).code, 2);
});

test('a refused call is found by what its request claims, which is shown as unproven, by its own account only', async () => {
  await using server = await startServer();
  const place = placeOf(server);
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server, { fault: 'wrong-euicc-signature1' });
  const { eid } = phone.phone.card();
  await assert.rejects(downloadBy(phone, activationCode), refusedAt('authenticateClient', '8.1/6.1'));
  const calls = async (query: RefusedCallsQuery) => (await server.api.listRefusedCalls(query)).data.calls;
  while ((await calls({ iccid })).length === 0) await sleep(100);
  for (const query of [
    { iccid },
    { iccid, eid },
    { iccid, reason: '8.1/6.1', since: '2020-01-01T00:00:00Z' },
  ]) {
    const [call, ...others] = await calls(query);
    assert.deepEqual([call?.proven, call?.claimed_iccid, call?.claimed_eid, others], [false, iccid, eid, []]);
  }
  assert.deepEqual(await calls({ iccid, reason: '8.1/3.9' }), []);
  assert.deepEqual(await calls({ iccid: '8988299999999999995' }), []);
  const [unfiltered] = await calls({});
  assert.deepEqual([unfiltered?.claimed_iccid, unfiltered?.claimed_eid], [undefined, undefined]);

  const listed = await runEsim(place, 'session', 'list', '--iccid', iccid);
  assert.match(listed.out, new RegExp(` ${iccid}\\?  authenticateClient: refused 8\\.1/6\\.1`));
  const history = await runEsim(place, 'profile', 'history', iccid);
  assert.match(
    history.err,
    new RegExp(`1 refused call names this profile, unproven.*esim session list --iccid ${iccid}`),
  );

  const id = transactionOf((await calls({ iccid }))[0]);
  const { data } = await server.api.getDownloadAttempt(id);
  assert.deepEqual([data.stage, data.eid, data.calls.length], ['unauthenticated', undefined, 1]);
  const { data: reading } = await server.api.createApiKey({ permissions: ['read'] });
  const env = { ...place.env, ESIM_API_KEY: reading.api_key };
  const denied = await runEsim({ ...place, env }, 'session', 'show', id);
  assert.deepEqual([denied.code, /no session/.test(denied.err)], [1, true]);
  const partial = await runEsim({ ...place, env }, 'session', 'list');
  assert.equal(partial.code, 0, partial.err);
  assert.match(partial.err, /needs the permission support/);
});

const transactionOf = (call: RefusedCall | undefined): string =>
  call?.transaction_id ?? assert.fail('no transaction');
