import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog, type Level, type Lines } from './log.ts';
import { currentScope, inScope } from './scope.ts';

function recorded(withIdentifiers = false, lowest: Level = 'debug') {
  const lines: { level: Level; message: string; members: Record<string, unknown> }[] = [];
  const order: readonly Level[] = ['debug', 'info', 'warn', 'error'];
  const at = (level: Level) => (members: object, message: string) =>
    void lines.push({ level, message, members: { ...members } });
  const sink: Lines = {
    isLevelEnabled: (level) => order.indexOf(level) >= order.indexOf(lowest),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
  return { log: createLog(sink, withIdentifiers), lines };
}

test('a line has the declared members, each within its bound, and no other', () => {
  const { log, lines } = recorded();
  const apiKey = 'secret';
  // @ts-expect-error it is not declared
  log.info('a call', { function: 'getProfile', apiKey });
  const given = { status: 200, matchingId: 'A-B-C' };
  // @ts-expect-error also in a variable, and beside a declared one
  log.info('a call', given);
  // @ts-expect-error not a text
  log.info('a call', { status: '200' });
  log.info('x'.repeat(2000), { request_id: 'r'.repeat(500), reasons: { a: 1 }, warnings: ['w'.repeat(900)] });
  assert.deepEqual(lines.map(({ members }) => members).slice(0, 3), [
    { function: 'getProfile' },
    { status: 200 },
    {},
  ]);
  assert.deepEqual(
    [lines[3]?.message.length, lines[3]?.members],
    [1000, { request_id: 'r'.repeat(128), reasons: { a: 1 }, warnings: ['w'.repeat(500)] }],
  );
});

test('ICCIDs and EIDs are written only if that was asked for', () => {
  const numbers = { eid: '89049032000000000000000000000163', iccid: '8988201000000000013' };
  for (const withIdentifiers of [false, true]) {
    const { log, lines } = recorded(withIdentifiers);
    log.warn('an eUICC is unusual', numbers);
    assert.deepEqual(lines[0]?.members, withIdentifiers ? numbers : {});
  }
});

test('a line below the level is not made', () => {
  const { log, lines } = recorded(false, 'warn');
  const reading = {
    get status(): number {
      return assert.fail('it is not read');
    },
  };
  log.info('a call', reading);
  log.error('it failed');
  assert.deepEqual(
    lines.map(({ message }) => message),
    ['it failed'],
  );
});

test('an error is name, code, message and place, without the values in them', () => {
  const { log, lines } = recorded();
  const error = Object.assign(new TypeError(`the key "s3cret" of 8988201000000000013 is 'wrong'`), {
    code: 'ERR_KEY',
    detail: 'Key (ki)=(465b5ce8b199b49faa5f0a2ee238a6bc) exists',
    cause: new Error('465b5ce8b199b49faa5f0a2ee238a6bc'),
  });
  log.error('it failed', { err: error });
  const [line = assert.fail()] = lines;
  const { stack, ...others } = line.members.err as { stack: string };
  assert.deepEqual(others, { name: 'TypeError', code: 'ERR_KEY', message: 'the key … of … is …' });
  assert.match(stack, /^ +at .*log\.test\.ts/);
  assert.ok(!JSON.stringify(lines).includes('465b5'));
  log.error('it failed', { err: 'a text with 465b5ce8b199b49faa5f0a2ee238a6bc' });
  assert.ok(!JSON.stringify(lines).includes('465b5'));
});

test('the messages of JavaScript keep the names of members', () => {
  const { log, lines } = recorded();
  const nothing = undefined as unknown as { state: string };
  try {
    nothing.state;
  } catch (err) {
    log.error('it failed', { err });
  }
  try {
    JSON.parse('{"ki": hidden}');
  } catch (err) {
    log.error('it failed', { err });
  }
  const messages = lines.map(({ members }) => (members.err as Error).message);
  assert.equal(messages[0], "Cannot read properties of undefined (reading 'state')");
  assert.doesNotMatch(String(messages[1]), /hidden/);
});

test('lines have the scope that they were written in, whatever else runs meanwhile', async () => {
  const { log, lines } = recorded();
  const work = async (name: string) => {
    await sleep(1);
    await inScope({ transaction_id: name.toUpperCase() }, async () => {
      await sleep(1);
      log.info('inside');
    });
    log.info('outside', { status: 200 });
  };
  await Promise.all(['a', 'b', 'c'].map((name) => inScope({ request_id: name }, () => work(name))));
  assert.equal(currentScope(), undefined);
  for (const name of ['a', 'b', 'c'])
    assert.deepEqual(
      lines.filter(({ members }) => members.request_id === name).map(({ members }) => members),
      [
        { request_id: name, transaction_id: name.toUpperCase() },
        { request_id: name, status: 200 },
      ],
    );
});
