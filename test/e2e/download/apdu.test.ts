import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fromHex, toHex } from '@esim-rsp/codec';
import {
  deleteProfile,
  disableProfile,
  download,
  type Es9Channel,
  type Es10Channel,
  enableProfile,
  ISD_R,
  type LpaEnv,
  listProfiles,
  sendNotifications,
} from '@esim-rsp/euicc';
import { phoneNames } from '@esim-rsp/phone';
import { parseActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { iccidToSwappedBcd, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { compiledCommand } from '../../harness/compiled-command.ts';
import { downloadBy, newPhone, type TestPhone } from '../../harness/phone.ts';
import { released, stateOf } from '../../harness/profiles.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';
import { es10Over } from './apdu-channel.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

/** The card of a phone, reached by APDUs. */
async function overApdus({ phone }: TestPhone, blockLength: number): Promise<Es10Channel> {
  const terminal = phone.terminal();
  await terminal.connect();
  const channel = await terminal.openChannel(ISD_R);
  assert.equal(channel, 1);
  const transmit = async (apdu: Uint8Array) => (await terminal.transmit(apdu)) ?? assert.fail();
  return es10Over(transmit, channel, blockLength);
}

for (const blockLength of [120, 255])
  test(`an LPA that speaks APDUs with blocks of ${blockLength} octets downloads and uses a profile`, async () => {
    const { iccid, activationCode } = await released(server);
    await using phone = await newPhone(server);
    const es10 = await overApdus(phone, blockLength);
    const env = { ...phone.env, es10 };
    assert.equal((await downloadBy({ ...phone, env }, activationCode)).iccid, iccid);
    assert.deepEqual(
      (await listProfiles(es10)).map((profile) => [profile.iccid, profile.state]),
      [[iccid, 'disabled']],
    );
    const reported = async (state: string) => {
      assert.deepEqual((await sendNotifications(env)).waiting, []);
      assert.equal(await stateOf(server, iccid), state);
    };
    await reported('INSTALLED');
    await enableProfile(es10, parseIccid(iccid));
    await reported('ENABLED');
    await disableProfile(es10, parseIccid(iccid));
    await reported('DISABLED');
    await deleteProfile(es10, parseIccid(iccid));
    await reported('DELETED');
  });

test('a reset in the middle of a download loses it, and the next one succeeds', async () => {
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server);
  const channel = await overApdus(phone, 120);
  const breaking: Es10Channel = {
    transmit: async (command) => {
      if (command[0] === 0xa3) await phone.phone.terminal().connect();
      return await channel.transmit(command);
    },
  };
  const broken = downloadBy({ ...phone, env: { ...phone.env, es10: breaking } }, activationCode);
  await assert.rejects(broken, /6985/);
  assert.deepEqual(phone.phone.card().profiles, []);
  const es10 = await overApdus(phone, 120);
  assert.equal((await downloadBy({ ...phone, env: { ...phone.env, es10 } }, activationCode)).iccid, iccid);
});

test('commands that are sent at once are carried out one after another', async () => {
  const { activationCode } = await released(server);
  await using phone = await newPhone(server);
  const { iccid } = await downloadBy(phone, activationCode);
  const { es10, card } = phone.phone;
  const setAddress = fromHex('bf3f03800161');
  await Promise.all([
    es10.transmit(setAddress),
    enableProfile(es10, iccid),
    es10.transmit(fromHex('bf2e00')),
  ]);
  const { defaultDpAddress, profiles, session } = card();
  assert.deepEqual([defaultDpAddress, profiles[0]?.state, session?.stage], ['a', 'enabled', 'challenged']);
});

const main = compiledCommand();
const standIn = fileURLToPath(new URL('apdu-program.mjs', import.meta.url));

type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

function start(...args: readonly string[]): ChildProcess {
  const env = { PATH: process.env.PATH, ESIM_DATA_DIR: server.dataDir };
  return spawn(process.execPath, [main, ...args], { cwd: server.dataDir, env });
}

async function ended(child: ChildProcess): Promise<Ran> {
  let [out, err] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    err += text;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}

/** A phone with a profile that no process holds. */
async function phoneWithProfile() {
  const { iccid, activationCode } = await released(server);
  const before = await phoneNames(server.dataDir);
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  const [name = ''] = (await phoneNames(server.dataDir)).filter((each) => !before.includes(each));
  return { name, iccid, eid: phone.phone.card().eid };
}

type Said = {
  readonly type: string;
  readonly payload: {
    readonly data: { readonly [name: string]: string | { readonly [name: string]: unknown } };
  };
};

/** What the stand-in shows at its end. */
function mustTell({ payload }: Said, { eid, iccid }: { readonly eid: string; readonly iccid: string }) {
  const { eid: reported, profiles, other, wrong, gone, posted } = payload.data;
  assert.equal(reported, `bf3e125a10${eid}9000`);
  assert.ok(String(profiles).includes(`5a0a${toHex(iccidToSwappedBcd(parseIccid(iccid)))}`));
  assert.deepEqual([other, wrong, gone], [{ ecode: -1 }, { ecode: -1 }, { ecode: -1 }]);
  return posted as { readonly rcode: number; readonly rx: string } | undefined;
}

test('a program reads the EID and the profiles, its other lines pass through, its exit code is ours', async () => {
  const phone = await phoneWithProfile();
  const { code, out, err } = await ended(
    start('phone', 'apdu', '--name', phone.name, '--', process.execPath, standIn, '--name'),
  );
  assert.deepEqual([code, err], [3, '']);
  const [progress, last, ...others] = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Said);
  assert.deepEqual([progress?.type, last?.type, others], ['progress', 'lpa', []]);
  mustTell(last as Said, phone);
});

test('a program asks the server by HTTP over stdio, and --json gathers what it writes', async () => {
  const phone = await phoneWithProfile();
  const url = `https://${server.smdpAddress}/gsma/rsp2/es9plus/initiateAuthentication`;
  const { code, out } = await ended(
    start('phone', 'apdu', '--name', phone.name, '--json', process.execPath, standIn, 'stdio', url),
  );
  const { output, ...rest } = JSON.parse(out) as { readonly output: Said[] };
  assert.deepEqual([code, rest], [3, { phone: phone.name, exit_code: 3 }]);
  const { rcode, rx } = mustTell(output.at(-1) as Said, phone) ?? assert.fail();
  assert.equal(rcode, 200);
  const { header } = JSON.parse(new TextDecoder().decode(fromHex(rx)));
  assert.equal(header.functionExecutionStatus.status, 'Failed');
});

test('a server that cannot be asked is no answer, and a remark says why', async () => {
  const phone = await phoneWithProfile();
  const url = 'https://localhost:1/gsma/rsp2/es9plus/initiateAuthentication';
  const { out, err } = await ended(
    start('phone', 'apdu', '--name', phone.name, '--json', '--', process.execPath, standIn, 'stdio', url),
  );
  assert.match(err, /nothing listens at localhost:1/);
  const { output } = JSON.parse(out) as { readonly output: Said[] };
  assert.deepEqual(mustTell(output.at(-1) as Said, phone), { rcode: 0, rx: '' });
});

test('programs use the card over TCP one after another, others are disconnected, and Ctrl-C ends it', async () => {
  const phone = await phoneWithProfile();
  const child = start('phone', 'apdu', '--name', phone.name, '--listen', '0', '--json');
  const run = ended(child);
  let text = '';
  while (!text.includes('}')) [text] = await once(child.stdout ?? child, 'data');
  const { port, host } = JSON.parse(text) as { readonly port: number; readonly host: string };
  assert.equal(host, '127.0.0.1');

  const browser = connect(port, host);
  browser.end('POST / HTTP/1.1\r\n\r\n{"type":"apdu","payload":{"func":"connect","param":null}}\n');
  browser.on('data', () => assert.fail('it is not to be answered')).on('error', () => undefined);
  await once(browser, 'close');

  const first = connect(port, host);
  first.write('{"type":"apdu","payload":{"func":"connect","param":null}}\n');
  const [answer] = await once(first, 'data');
  assert.equal(String(answer), '{"type":"apdu","payload":{"ecode":0}}\n');
  const second = connect(port, host).on('error', () => undefined);
  await once(second, 'close');
  first.end();
  await once(first.resume(), 'close');

  for (let i = 0; i < 2; i++) {
    const client = await ended(spawn(process.execPath, [standIn, `port:${port}`]));
    assert.equal(client.code, 3, client.err);
    mustTell(JSON.parse(client.out.trimEnd().split('\n').at(-1) ?? '') as Said, phone);
  }
  child.kill('SIGINT');
  const { code, err } = await run;
  assert.equal(code, 0);
  assert.match(err, /^a client that does not speak the protocol was disconnected\n$/);
});

/** An LPA whose card and whose server are both behind `esim phone apdu`. */
async function lpaBehindApdu() {
  const before = await phoneNames(server.dataDir);
  await (await newPhone(server))[Symbol.asyncDispose]();
  const [name = ''] = (await phoneNames(server.dataDir)).filter((each) => !before.includes(each));
  const child = start('phone', 'apdu', '--name', name, '--listen', '0', '--json');
  const run = ended(child);
  let text = '';
  while (!text.includes('}')) [text] = await once(child.stdout ?? child, 'data');
  const socket = connect(JSON.parse(text).port, '127.0.0.1');
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const ask = async (type: string, payload: object) => {
    socket.write(`${JSON.stringify({ type, payload })}\n`);
    const { value } = await lines.next();
    return JSON.parse(value ?? assert.fail()).payload;
  };
  await ask('apdu', { func: 'connect', param: null });
  const { ecode: channel } = await ask('apdu', { func: 'logic_channel_open', param: toHex(ISD_R) });
  const transmit = async (apdu: Uint8Array) =>
    fromHex((await ask('apdu', { func: 'transmit', param: toHex(apdu) })).data);
  const es9: Es9Channel = {
    post: async (address, path, body) => {
      const tx = Buffer.from(JSON.stringify(body)).toString('hex');
      const headers = ['Content-Type: application/json', 'X-Admin-Protocol: gsma/rsp/v2.2.2'];
      const { rcode, rx } = await ask('http', { url: `https://${address}${path}`, tx, headers });
      return { status: rcode, body: rx === '' ? undefined : JSON.parse(Buffer.from(rx, 'hex').toString()) };
    },
  };
  const env = { es10: es10Over(transmit, channel, 120), es9, onStep: () => undefined };
  const stop = async () => {
    child.kill('SIGTERM');
    assert.equal((await run).code, 0, 'with the client still there');
    const listed = await ended(start('phone', 'list', '--name', name, '--json'));
    return JSON.parse(listed.out)[0].profiles as readonly { readonly iccid: string }[];
  };
  return { env, stop };
}

const request = (activationCode: string) => ({
  source: parseActivationCode(activationCode),
  consent: async () => true,
  confirmationCode: async () => undefined,
});

test('an LPA downloads a profile with nothing but the protocol: its card and its server are both behind it', async () => {
  const { iccid, activationCode } = await released(server);
  const { env, stop } = await lpaBehindApdu();
  assert.equal((await download(request(activationCode), env)).iccid, iccid);
  assert.deepEqual((await sendNotifications(env)).waiting, []);
  assert.equal(await stateOf(server, iccid), 'INSTALLED');
  assert.equal((await stop())[0]?.iccid, iccid);
});

/**
 * A download in lpac's order of events. The package is changed on its way, so that the installation fails and the session of the card is
 * over. lpac cancels all the same, sends the server the unsigned error of the card, and then the signed result.
 */
async function failAsLpacDoes(env: LpaEnv, activationCode: string): Promise<void> {
  let transactionId = '';
  const changed: LpaEnv = {
    ...env,
    es10: {
      transmit: (command) => {
        const last = command.length - 1;
        const isElement = command[0] === 0x86;
        return env.es10.transmit(
          isElement ? command.map((octet, i) => (i === last ? octet ^ 1 : octet)) : command,
        );
      },
    },
    es9: {
      post: async (address, path, body) => {
        ({ transactionId = transactionId } = body as { transactionId?: string });
        return await env.es9.post(address, path, body);
      },
    },
  };
  await assert.rejects(download(request(activationCode), changed), /scp03tSecurityError/);
  const cancel = await env.es10.transmit(fromHex(`bf41158010${transactionId}810105`));
  assert.equal(toHex(cancel.data), 'bf4103810105', 'the card knows no such session any more');
  const answer = await env.es9.post(server.smdpAddress, '/gsma/rsp2/es9plus/cancelSession', {
    transactionId,
    cancelSessionResponse: Buffer.from(cancel.data).toString('base64'),
  });
  assert.match(JSON.stringify(answer.body), /Executed-Success/);
}

test("a failed installation is not lost in lpac's order of events: install, cancel, result", async () => {
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server);
  await failAsLpacDoes(phone.env, activationCode);
  assert.equal(await stateOf(server, iccid), 'DOWNLOADED', 'the result is still to come');
  assert.deepEqual((await sendNotifications(phone.env)).waiting, []);
  assert.equal(await stateOf(server, iccid), 'ERROR');
});

test("a failed installation is not lost in lpac's order of events through esim phone apdu, and is sent twice without harm", async () => {
  const { iccid, activationCode } = await released(server);
  const { env, stop } = await lpaBehindApdu();
  await failAsLpacDoes(env, activationCode);
  const sent: {
    readonly address: string;
    readonly path: string;
    readonly body: Readonly<Record<string, string>>;
  }[] = [];
  const post: Es9Channel['post'] = (address, path, body) => {
    sent.push({ address, path, body });
    return env.es9.post(address, path, body);
  };
  await sendNotifications({ ...env, es9: { post } });
  for (const { address, path, body } of sent)
    assert.equal((await env.es9.post(address, path, body)).status, 204);
  const { api } = server;
  const { events } = (await api.getEUICCProfileHistory(iccid)).data;
  const errors = events.filter(({ type }) => type === 'profile.error');
  assert.equal(errors.length, 1, 'one event, and so one webhook and one ES2+ message');
  assert.match(errors[0]?.reason?.message ?? '', /scp03tSecurityError/);
  assert.deepEqual(await stop(), []);
});

test('wrong usage and a program that is not there say so', async () => {
  const { name } = await phoneWithProfile();
  const none = await ended(start('phone', 'apdu', '--name', name));
  assert.deepEqual([none.code, none.out], [2, '']);
  const both = await ended(start('phone', 'apdu', '--name', name, '--listen', '0', '--', 'lpac'));
  assert.equal(both.code, 2);
  assert.equal((await ended(start('phone', 'apdu', '--listen', '65536'))).code, 2);
  const missing = await ended(start('phone', 'apdu', '--name', name, '--', './no-such-program'));
  assert.equal(missing.code, 1);
  assert.match(missing.err, /no-such-program cannot be started/);
  const help = await ended(start('phone', 'apdu', '--help'));
  assert.match(help.out, /Examples:\n {2}esim phone apdu -- lpac chip info/);
});

test('a program that is killed ends the command as a shell would say it', async () => {
  const { name } = await phoneWithProfile();
  const script = 'process.kill(process.pid, "SIGKILL")';
  const { code } = await ended(start('phone', 'apdu', '--name', name, '--', process.execPath, '-e', script));
  assert.equal(code, 137);
});
