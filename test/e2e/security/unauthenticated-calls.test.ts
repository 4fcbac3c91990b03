import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runEsim } from '../../harness/esim.ts';
import { freeAddresses } from '../../harness/free-port.ts';
import { downloadBy, newPhone, refusedAt } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import { again, type Message, rawEs9, seenBy } from '../../harness/raw-es9.ts';
import { type ServerProcess, sameAddresses, startServer } from '../../harness/server.ts';

/** What is left of phones that were refused, before and after their eUICC had proved itself. */

let ours: ServerProcess;
let theirs: ServerProcess;
before(async () => {
  ours = await startServer();
  theirs = await startServer();
});
after(async () => {
  await ours[Symbol.asyncDispose]();
  await theirs[Symbol.asyncDispose]();
});

const esim = async (...args: string[]) => {
  const { code, out, err } = await runEsim(
    { cwd: ours.dataDir, env: { ESIM_DATA_DIR: ours.dataDir } },
    ...args,
  );
  assert.equal(code, 0, err);
  return out;
};

/** The newest refused call of this function, which is stored within a second. */
async function refusedCallOf(name: string) {
  for (let tries = 0; tries < 400; tries++) {
    const { data } = await ours.api.listRefusedCalls({ count: 5 });
    const found = data.calls.find((call) => call.function === name);
    if (found !== undefined) return found;
    await sleep(100);
  }
  return assert.fail(`no call of ${name} was stored`);
}

test('a phone on another PKI can be seen, with the CIs that it has', async () => {
  const { activationCode } = await released(ours);
  await using local = await newPhone(ours);
  await using foreign = await newPhone(theirs);
  const tlsTrust = local.phone.card().ciCertificates;
  await using phone = await newPhone(ours, { pkiDir: theirs.pkiDir, tlsTrust });
  await assert.rejects(downloadBy(phone, activationCode), refusedAt('initiateAuthentication', '8.8.2/3.1'));

  const call = await refusedCallOf('initiateAuthentication');
  const [{ ciPKId } = assert.fail()] = foreign.phone.card().credentials;
  const ci = Buffer.from(ciPKId).toString('hex');
  assert.deepEqual(call.ci_pk_ids, [ci]);
  assert.match(call.network ?? '', /^127\.0\.0\.0\/24$|^0:0:0::\/48$/);
  const { subject_code, reason_code } = call.refused;
  assert.deepEqual([subject_code, reason_code, call.skipped], ['8.8.2', '3.1', 0]);
  const listed = await esim('session', 'list', '--local');
  assert.match(
    listed,
    new RegExp(` (?:127\\.0\\.0\\.1|::1) .*initiateAuthentication: refused 8\\.8\\.2/3\\.1.*${ci}`),
  );
});

test('a phone that could not prove itself can be seen, with the check that refused', async () => {
  const { activationCode } = await released(ours);
  await using phone = await newPhone(ours, { fault: 'wrong-euicc-signature1' });
  await assert.rejects(downloadBy(phone, activationCode), refusedAt('authenticateClient', '8.1/6.1'));
  const { transaction_id = assert.fail() } = await refusedCallOf('authenticateClient');
  for (const command of [['session', 'show', '--local'], ['explain']]) {
    const shown = await esim(...command, transaction_id);
    assert.match(shown, /stage +unauthenticated/);
    assert.match(
      shown,
      / {2}✓ the eUICC certificate is valid\n {2}✗ euiccSignature1 is right\n {4}the eUICC signed/,
    );
  }
  const { stage, calls } = JSON.parse(await esim('session', 'show', '--local', transaction_id, '--json'));
  assert.deepEqual([stage, calls.length, calls[0].function], ['unauthenticated', 1, 'authenticateClient']);
});

test('a phone that proved itself and was refused has a session with its EID and all checks', async () => {
  await using phone = await newPhone(ours);
  const code = `LPA:1$${ours.smdpAddress}$NO-SUCH-ORDER`;
  await assert.rejects(downloadBy(phone, code), refusedAt('authenticateClient', '8.2.6/3.8'));
  const [session] = JSON.parse(await esim('session', 'list', '--local', '--count', '1', '--json'));
  const { eid } = phone.phone.card();
  assert.deepEqual([session.stage, session.eid, session.iccid], ['refused', eid, undefined]);
  const outcomes = session.calls.map(
    ({ function: name, checks }: { function: string; checks: { outcome: string }[] }) => [
      name,
      new Set(checks.map(({ outcome }) => outcome)).has('refused'),
    ],
  );
  assert.deepEqual(outcomes, [
    ['initiateAuthentication', false],
    ['authenticateClient', true],
  ]);
});

test('a session that was opened before a restart continues after it, and not where sessions may take another time', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'esim-restart-'));
  let answer: Message | undefined;
  const before = await startServer({ ...(await freeAddresses()), ESIM_DATA_DIR: dataDir });
  {
    const { activationCode } = await released(before);
    const spy = seenBy(async (message) => {
      if (message.name !== 'authenticateClient') return;
      answer = message;
      throw new Error('the server stops now');
    });
    await using phone = await newPhone(before, { through: spy });
    await assert.rejects(downloadBy(phone, activationCode), /stops now/);
  }
  await before.close();
  for (const [seconds, expected] of [
    ['301', '8.10.1/3.9'],
    ['300', 'ok'],
  ] as const) {
    const settings = { ...sameAddresses(before), ESIM_DATA_DIR: dataDir, ESIM_SESSION_SECONDS: seconds };
    await using restarted = await startServer(settings);
    using es9 = rawEs9(restarted);
    assert.equal(await again(es9, answer ?? assert.fail()), expected);
  }
  rmSync(dataDir, { recursive: true, force: true });
});
