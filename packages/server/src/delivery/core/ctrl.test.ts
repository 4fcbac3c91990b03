import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { createLookUp } from '../outbound/look-up.ts';
import { CoreError, wordsOf } from './core-error.ts';
import { overCtrl, readAnswer } from './ctrl.ts';
import { osmoHlrValues, osmohlr } from './kinds/osmohlr.ts';
import { coreOf, subscription } from './testing/core.harness.ts';

const core = coreOf('osmohlr', 'ctrl://127.0.0.1:9');
const { k: K, opc: OPC } = subscription;

const frame = (text: string, stream = 0xee) => {
  const content = Buffer.concat([Buffer.of(0), Buffer.from(text)]);
  return Buffer.concat([Buffer.from([content.length >> 8, content.length & 255, stream]), content]);
};

/** A server of CTRL that answers each command as the test says, octet by octet if asked to. */
async function ctrlServer(answer: (command: string) => Buffer | undefined) {
  const commands: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      const command = data.subarray(4).toString();
      commands.push(command);
      const octets = answer(command);
      if (octets === undefined) socket.end();
      else for (const octet of octets) socket.write(Buffer.of(octet));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const core = coreOf('osmohlr', `ctrl://127.0.0.1:${port}`);
  const { signal } = new AbortController();
  const call = { core, allowPrivate: true, lookUp: createLookUp([]), signal, messageId: 'core_1' };
  return { call, commands, [Symbol.asyncDispose]: async () => void server.close() };
}

const idOf = (command: string) => command.split(' ')[1] ?? '';
const done = (command: string) => {
  const [verb, id, variable] = command.split(' ');
  return frame(`${verb}_REPLY ${id} ${variable} ${verb === 'GET' ? 'none' : 'OK'}`);
};

test('the values of an HLR follow from the subscription', () => {
  assert.deepEqual(osmoHlrValues(subscription), [
    ['subscriber.by-imsi-001010000000001.aud3g', `MILENAGE,${K},OPC,${OPC},5`],
    ['subscriber.by-imsi-001010000000001.msisdn', '15550100'],
  ]);
  const { msisdn: _, ...without } = subscription;
  assert.deepEqual(osmoHlrValues(without)[1], ['subscriber.by-imsi-001010000000001.msisdn', 'none']);
  assert.match(osmohlr.cannotTake?.({ ...subscription, algorithm: 'tuak' }, core) ?? '', /Milenage/);
  assert.match(osmohlr.cannotTake?.({ ...subscription, msisdn: '1'.repeat(16) }, core) ?? '', /15 digits/);
  assert.equal(osmohlr.cannotTake?.(subscription, core), undefined);
});

test('a conversation is read octet by octet, with what is not for it in between', async () => {
  const noise = Buffer.concat([frame('TRAP 0 something happened'), frame('ping', 0xfe)]);
  await using server = await ctrlServer((command) => Buffer.concat([noise, done(command)]));
  await osmohlr.put(server.call, subscription);
  assert.deepEqual(
    server.commands.map((command) => command.split(' ').slice(0, 3).join(' ')),
    [
      'SET 1 subscriber.create',
      'GET 2 subscriber.by-imsi-001010000000001.aud3g',
      'SET 3 subscriber.by-imsi-001010000000001.aud3g',
      'GET 4 subscriber.by-imsi-001010000000001.msisdn',
      'SET 5 subscriber.by-imsi-001010000000001.msisdn',
    ],
  );
});

test('what is not the answer to a command is refused, and no key is repeated', async () => {
  const answers: ((command: string) => Buffer | undefined)[] = [
    (command) => frame(`SET_REPLY 99${idOf(command)} subscriber.create 1`),
    (command) => frame(`GET_REPLY ${idOf(command)} subscriber.create 1`),
    (command) => frame(`SET_REPLY ${idOf(command)} subscriber.created 1`),
    () => frame('HTTP/1.1 200 OK'),
    (command) => frame(`ERROR ${idOf(command)} ${K} is wrong ${OPC.toUpperCase()}`),
    () => Buffer.alloc(1 << 21),
    () => undefined,
  ];
  for (const answer of answers) {
    await using server = await ctrlServer(answer);
    await assert.rejects(osmohlr.put(server.call, subscription), (error) => {
      assert.ok(error instanceof CoreError, String(error));
      assert.ok(!new RegExp(`${K}|${OPC}`, 'i').test(error.message), error.message);
      return true;
    });
  }
});

test('an answer is a value, nothing, or an error', () => {
  const asked = { verb: 'GET', id: 1, variable: 'a.b' };
  assert.deepEqual(readAnswer('GET_REPLY 1 a.b c d', asked), { value: 'c d' });
  assert.deepEqual(readAnswer('GET_REPLY 1 a.b', asked), { value: '' });
  assert.deepEqual(readAnswer('ERROR 1 No such subscriber.', asked), { error: 'No such subscriber.' });
  assert.throws(() => readAnswer('ERROR 2 x', asked), CoreError);
  assert.equal(wordsOf(`a\u0000\n${K} b`), 'a … b');
});

test('private addresses are refused where the server does not allow them', async () => {
  await using server = await ctrlServer(done);
  const call = { ...server.call, allowPrivate: false };
  await assert.rejects(
    overCtrl(call, async () => undefined),
    /the host is in a private network/,
  );
  assert.deepEqual(server.commands, []);
});
