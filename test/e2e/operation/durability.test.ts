import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, test } from 'node:test';
import { type Es9Channel, LpaFailure, sendNotifications } from '@esim-rsp/euicc';
import { type GetEUICCProfileResponse as Answer, ApiError } from '@esim-rsp/sdk';
import { freeAddresses } from '../../harness/free-port.ts';
import { downloadBy, newPhone, nextEid } from '../../harness/phone.ts';
import { released, stateOf, subscription } from '../../harness/profiles.ts';
import { type ServerProcess, sameAddresses, startServer } from '../../harness/server.ts';

/**
 * What was answered is kept, whenever the process dies. A killed process leaves its writes to the operating system, so
 * this proves the order of commit and answer; that commits reach the disk itself before the answer, the tests of the store
 * check (store/sqlite/connection/durability.test.ts).
 */

let dataDir: string;
let server: ServerProcess;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'esim-durability-'));
  server = await startServer({ ...(await freeAddresses()), ESIM_DATA_DIR: dataDir });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

async function restart(): Promise<void> {
  server = await startServer({ ...sameAddresses(server), ESIM_DATA_DIR: dataDir });
}

/** The last answer about a profile, none if there was none yet, and what has been asked for since. */
type Known = { answer?: Answer; asked?: 'stock' | 'order' };

const CALLERS = 24;

/** Stocks and orders profiles over many connections, until the server dies at answer number `last`. */
async function storm(answered: Map<string, Known>, last: number): Promise<void> {
  let answers = 0;
  let death: Promise<void> | undefined;
  const noted = () => {
    if (++answers === last) death = server.kill();
  };
  const caller = async () => {
    while (death === undefined) {
      const parameters = subscription();
      const known: Known = { asked: 'stock' };
      answered.set(parameters.iccid, known);
      known.answer = (await server.api.createEUICCProfile({ parameters })).data;
      delete known.asked;
      noted();
      known.asked = 'order';
      known.answer = (await server.api.orderEUICCProfile(parameters.iccid, {})).data;
      delete known.asked;
      noted();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: CALLERS }, caller));
  assert.ok(death, `the server died, not a caller: ${ends.map((end) => 'reason' in end && end.reason)}`);
  await death;
}

async function found(iccid: string): Promise<Answer | undefined> {
  try {
    return (await server.api.getEUICCProfile(iccid)).data;
  } catch (error) {
    assert.ok(error instanceof ApiError && error.status === 404, String(error));
    return undefined;
  }
}

/** What is there is what was answered last, or what was asked for since. */
function mustBeKept({ answer, asked }: Known, there: Answer | undefined): void {
  const becomes = { stock: 'AVAILABLE', order: 'RELEASED' } as const;
  if (asked !== undefined && there?.state === becomes[asked]) return;
  assert.deepEqual(there, answer);
}

function mustBeWhole(): void {
  const db = new DatabaseSync(join(dataDir, 'esim.db'), { timeout: 5000 });
  const rows = (text: string) =>
    db
      .prepare(text)
      .all()
      .map((row) => Object.values(row)[0]);
  assert.deepEqual(rows('pragma integrity_check'), ['ok']);
  assert.deepEqual(rows('pragma foreign_key_check'), []);
  assert.deepEqual(
    rows('select iccid from profile where iccid not in (select iccid from profile_content)'),
    [],
  );
  db.close();
}

test('killed amid many requests, the server has all that it answered, and nothing by halves', async () => {
  const answered = new Map<string, Known>();
  for (let round = 0; round < 3; round++) {
    await storm(answered, randomInt(1, 300));
    await restart();
    mustBeWhole();
    const there = new Map<string, Answer>();
    for await (const profile of server.api.iterateEUICCProfiles({ count: 100 }))
      there.set(profile.iccid, profile);
    const asked = [...answered].map(async ([iccid, known]) => [iccid, known, await found(iccid)] as const);
    for (const [iccid, known, profile] of await Promise.all(asked)) {
      mustBeKept(known, profile);
      assert.deepEqual(there.get(iccid), profile);
      if (profile === undefined) answered.delete(iccid);
      else answered.set(iccid, { answer: profile });
    }
    assert.equal(there.size, answered.size);
    await everyStateGoesOn([...there.values()], answered);
  }
});

/** The last RELEASED profile can be downloaded, and the last one that was still in stock can be ordered and then downloaded too. */
async function everyStateGoesOn(there: Answer[], answered: Map<string, Known>): Promise<void> {
  const last = (state: string) => there.findLast((profile) => profile.state === state);
  const stocked = last('AVAILABLE');
  const ordered = stocked && (await server.api.orderEUICCProfile(stocked.iccid, {})).data;
  for (const profile of [last('RELEASED'), ordered]) {
    if (profile === undefined) continue;
    await using phone = await newPhone(server);
    await downloadBy(phone, profile.activation_code);
    await sendNotifications(phone.env);
    const { data: answer } = await server.api.getEUICCProfile(profile.iccid);
    assert.equal(answer.state, 'INSTALLED');
    answered.set(profile.iccid, { answer });
  }
}

/** A connection to the server that does something when a function is called, before or after the answer. */
function killing(name: string, when: 'asked' | 'answered') {
  return (es9: Es9Channel): Es9Channel => ({
    post: async (address, path, body) => {
      const answer = es9.post(address, path, body);
      if (!path.endsWith(`/${name}`)) return answer;
      if (when === 'answered') await answer;
      await Promise.all([server.kill(), answer.catch(() => undefined)]);
      return answer;
    },
  });
}

test('a package that was handed out is remembered: the phone reports its installation to the next process', async () => {
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server, { through: killing('getBoundProfilePackage', 'answered') });
  assert.equal((await downloadBy(phone, activationCode)).iccid, iccid);
  await restart();
  assert.equal(await stateOf(server, iccid), 'DOWNLOADED');
  const { sent, waiting } = await sendNotifications(phone.env);
  assert.deepEqual([sent.length > 0, waiting], [true, []]);
  assert.equal(await stateOf(server, iccid), 'INSTALLED');
  await server.kill();
  await restart();
  assert.equal(await stateOf(server, iccid), 'INSTALLED');
});

test('a download that was cut off at any function can be tried again', async () => {
  for (const name of ['initiateAuthentication', 'authenticateClient', 'getBoundProfilePackage']) {
    const { iccid, activationCode } = await released(server);
    const eid = nextEid();
    {
      await using phone = await newPhone(server, { eid, through: killing(name, 'asked') });
      await assert.rejects(downloadBy(phone, activationCode), LpaFailure);
    }
    await restart();
    assert.ok(['RELEASED', 'DOWNLOADED'].includes(await stateOf(server, iccid)));
    await using phone = await newPhone(server, { eid });
    await downloadBy(phone, activationCode);
    await sendNotifications(phone.env);
    assert.equal(await stateOf(server, iccid), 'INSTALLED');
  }
});
