import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '@esim-rsp/codec';
import { answerTo, blocksOf, SELECT_ISD_R, selectedWith, terminalWith } from '../apdu.harness.ts';
import { ATR, exchange } from '../index.ts';
import { EID, newCard } from '../pki.harness.ts';

const card = newCard();
const GET_EID = '80e2910006 bf3e035c015a';
const eidAnswer = `bf3e125a10${EID}`;

test('SELECT of ISD-R answers with the FCI, by its whole AID and by a part of it', () => {
  const fci = '6f1f8410a0000005591010ffffffff8900000100a5049f6501ffe0058203020500';
  for (const aid of ['10a0000005591010ffffffff8900000100', '05a000000559', '07a0000005591010']) {
    const { send } = terminalWith(card);
    assert.equal(send(`00a40400${aid}`), '6121');
    assert.equal(send('00c0000021'), `${fci}9000`);
  }
  const { send } = terminalWith(card);
  assert.equal(send(`${SELECT_ISD_R}00`), '6121', 'with Le');
  assert.equal(send(SELECT_ISD_R.replace('00a40400', '00a4040c')), '9000', 'without data');
  assert.equal(send(GET_EID), '6115');
});

test('SELECT with P2=04, by which terminals ask for the FCP, selects ISD-R and answers with the FCI', () => {
  const { send } = terminalWith(card);
  assert.equal(send(SELECT_ISD_R.replace('00a40400', '00a40404')), '6121');
  assert.match(send('00c0000021'), /^6f1f8410a0000005591010ffffffff8900000100.*9000$/);
  assert.equal(send(GET_EID), '6115');
});

test('SELECT of anything else is 6A82, and what was selected stays so', () => {
  const { send } = selectedWith(card);
  for (const other of [
    '00a4040010a0000005591010ffffffff8900000200',
    '00a4040011a0000005591010ffffffff890000010000',
    '00a4040007a0000000871002',
    '00a4040004a0000005',
    '00a40400',
    '00a4000c023f00',
    '00a40804047f206f07',
    '00a4040205a000000559',
  ])
    assert.equal(send(other), '6a82', other);
  assert.equal(send('00a4040105a000000559'), '6a86');
  assert.equal(send(GET_EID), '6115');
});

test('a command is answered by 61xx and GET RESPONSE, as in the recorded exchange', () => {
  const { send } = selectedWith(card);
  assert.equal(send(`${GET_EID}00`), '6115');
  assert.equal(send('00c0000015'), `${eidAnswer}9000`);
  assert.equal(send('00c0000015'), '6985', 'it is fetched once');
});

test('an answer is fetched in pieces of the wanted length, and no more than there is', () => {
  const { send } = selectedWith(card);
  send(GET_EID);
  assert.equal(send('80c0000016'), '6c15');
  assert.equal(send('80c0000005'), 'bf3e125a106110');
  assert.equal(send('80c000000f'), `${EID.slice(0, 30)}6101`);
  assert.equal(send('80c00000'), `${EID.slice(30)}9000`, 'without Le: all of it');
});

test('an answer that nobody fetches is lost with the next command on its channel only', () => {
  const { send } = selectedWith(card);
  send(GET_EID);
  assert.equal(send('0070000001'), '019000');
  assert.equal(send('80c0000000'), '6985');
  assert.equal(send('01a4040005a000000559'), '6121');
  send(GET_EID);
  assert.equal(send('01c0000021').slice(-4), '9000');
  assert.equal(send('80c0000000'), `${eidAnswer}9000`);
});

test('an answer of more than 256 octets comes in pieces of 256', () => {
  const { send } = selectedWith({ ...card, defaultDpAddress: 'a'.repeat(255) });
  const pieces = [send('80e2910003bf3c00')];
  while (pieces.at(-1)?.slice(-4, -2) === '61') pieces.push(send(`80c00000${pieces.at(-1)?.slice(-2)}`));
  assert.deepEqual(
    pieces.map((piece) => [piece.length / 2 - 2, piece.slice(-4)]),
    [
      [0, '6100'],
      [256, '611b'],
      [27, '9000'],
    ],
  );
});

test('every channel has its own CLA, its own selection and its own answers', () => {
  const { send } = terminalWith(card);
  for (let number = 1; number <= 19; number++)
    assert.equal(send('0070000001'), `${number.toString(16).padStart(2, '0')}9000`);
  assert.equal(send('0070000001'), '6a81', 'there are 19');
  const clas = ['81', '82', '83', ...Array.from({ length: 16 }, (_, i) => (0xc0 + i).toString(16))];
  for (const cla of clas) {
    const other = (Number.parseInt(cla, 16) - 0x80).toString(16).padStart(2, '0');
    assert.equal(send(`${cla}e2910006bf3e035c015a`), '6985', 'nothing is selected');
    assert.equal(send(`${other}a4040005a000000559`), '6121');
    assert.equal(send(`${cla}e2910006bf3e035c015a`), '6115');
    assert.equal(send(`${cla}c0000015`), `${eidAnswer}9000`);
  }
  assert.equal(send(GET_EID), '6985', 'nothing is selected on the basic channel');
});

test('a channel that is closed is not there, and its number is given again', () => {
  const { send } = terminalWith(card);
  assert.equal(send('81f2000c00'), '6881');
  assert.equal(send('0070800100'), '6881');
  assert.equal(send('00700000'), '019000', 'without Le');
  assert.equal(send('0070000000'), '029000');
  assert.equal(send('0070000002'), '6c01', 'nothing is opened');
  assert.equal(send('01a4040005a000000559'), '6121');
  assert.equal(send('0070800100'), '9000');
  assert.equal(send('81e2910006bf3e035c015a'), '6881');
  assert.equal(send('0070000001'), '019000');
  assert.equal(send('81e2910006bf3e035c015a'), '6985', 'it is a new one');
  assert.equal(send('0070800000'), '6a86', 'the basic channel');
  assert.equal(send('0070801400'), '6a86');
  assert.equal(send('0070000101'), '6a86');
  assert.equal(send('0070010001'), '6a86');
  assert.equal(send('007000000100'), '6700');
});

test('a reset ends the RSP session, closes channels and selects nothing', () => {
  const terminal = selectedWith(card);
  terminal.send('0070000001');
  assert.equal(terminal.send('80e2910003bf2e00'), '6115');
  assert.equal(terminal.card().session?.stage, 'challenged');
  terminal.send('80e2110001bf');
  terminal.reset();
  assert.equal(terminal.card().session, undefined);
  assert.equal(terminal.send('00c0000015'), '6985');
  assert.equal(terminal.send('81f2000c00'), '6881');
  assert.equal(terminal.send('80e29101023e00'), '6985');
  assert.equal(terminal.send(GET_EID), '6985');
});

test('blocks come in order; a wrong one ends the command, and block 00 begins another', () => {
  const terminal = selectedWith(card);
  const { send } = terminal;
  assert.equal(send('80e2110002bf3e'), '9000');
  assert.equal(send('80e2110102035c'), '9000');
  assert.equal(send('80e2910202015a'), '6115');
  assert.equal(send('80e2910302015a'), '6985', 'it is over');
  send('80e2110002bf3e');
  assert.equal(send('80e2910204035c015a'), '6985', 'one is left out');
  assert.equal(send('80e2910104035c015a'), '6985', 'it is given up');
  send('80e2110002bf3e');
  assert.equal(send('80e2110002bf3e'), '9000', 'again from the beginning');
  assert.equal(send('80e2910104035c015a'), '6115');
  send('80e2110002bf3e');
  send('80f2000c00');
  assert.equal(send('80e2910104035c015a'), '6985', 'another command came between');
});

test('a command has 256 blocks at most', () => {
  const { send } = selectedWith(card);
  const number = (i: number) => i.toString(16).padStart(2, '0');
  for (let i = 0; i < 256; i++) assert.equal(send(`80e211${number(i)}01bf`), '9000');
  assert.equal(send('80e2910101bf'), '6985');
  for (let i = 0; i < 255; i++) send(`80e211${number(i)}ff${'bf'.repeat(255)}`);
  assert.equal(send(`80e291ffff${'bf'.repeat(255)}`), '6a80', 'it is read as a whole');
});

test('the status words of ES10 come through', () => {
  const terminal = selectedWith(card);
  assert.equal(terminal.send('80e2910003bf4200'), '6a88');
  assert.equal(terminal.send('80e2910002bf20'), '6a80');
  assert.equal(terminal.send('80e29100028600'), '6985');
  assert.equal(terminal.card(), card);
});

test('STATUS and what a terminal says of itself are taken', () => {
  const { send } = terminalWith(card);
  assert.equal(send('80aa00000aa9088100820101830107'), '9000');
  assert.equal(send('8010000003ffffff'), '9000');
  assert.equal(send('80f2000c00'), '9000');
  assert.equal(send('80f2000100'), '6985');
  send(SELECT_ISD_R);
  assert.equal(send('80f2000110'), '6c12');
  assert.equal(send('80f2000112'), '8410a0000005591010ffffffff89000001009000');
  assert.equal(send('80f2030c00'), '6a86');
  assert.equal(send('80f2000000'), '6a86');
});

test('each fault has its status word, and the card is the same', () => {
  const words: Record<string, string> = {
    '': '6700',
    '80e291': '6700',
    '80e29100': '6700',
    '80e2910000': '6700',
    '80e2910006bf3e035c01': '6700',
    '80e2910003bf3e035c015a': '6700',
    '80e291000000000100': '6700',
    '80100000': '6700',
    '80c000000100': '6700',
    '80e2900003bf2000': '6a86',
    '80e2000003bf2000': '6a86',
    '80c0010000': '6a86',
    '80cb000000': '6d00',
    '80ca005a00': '6d00',
    '00b0000000': '6d00',
    '00e2910003bf2000': '6e00',
    '80a4040005a000000559': '6e00',
    '8070000001': '6e00',
    a0a40000023f00: '6e00',
    '20a40000023f00': '6e00',
    ffe2910003bf2000: '6e00',
    '84e2910003bf2000': '6882',
    '8ce2910003bf2000': '6882',
    e0e2910003bf2000: '6882',
    '90e2910003bf2000': '6884',
    d0e2910003bf2000: '6884',
    '83e2910003bf2000': '6881',
    cfe2910003bf2000: '6881',
  };
  for (const [apdu, word] of Object.entries(words)) {
    const terminal = selectedWith(card);
    assert.equal(terminal.send(apdu), word, apdu);
    assert.equal(terminal.card(), card);
    assert.equal(terminal.send(GET_EID), '6115', 'and it goes on');
  }
});

test('answering an APDU leaves the state that it was given as it was', () => {
  const terminal = selectedWith(card);
  terminal.send('80e2110002bf3e');
  const powered = terminal.powered();
  const before = structuredClone(powered);
  for (const apdu of ['80e2910104035c015a', '0070000001', SELECT_ISD_R, '80e2910003bf2e00']) {
    exchange(powered, fromHex(apdu.replaceAll(' ', '')), { random: (length) => new Uint8Array(length) });
    assert.deepEqual(structuredClone(powered), before);
  }
});

test('the octets of an APDU may be used for something else afterwards', () => {
  const random = (length: number) => new Uint8Array(length);
  let powered = exchange(selectedWith(card).powered(), fromHex('80e2110002bf3e'), { random });
  const first = fromHex('80e2110102035c');
  powered = exchange(powered, first, { random });
  first.fill(0xff);
  powered = exchange(powered, fromHex('80e2910202015a'), { random });
  assert.equal(toHex(powered.response), '6115');
});

test('the answer to reset adds up', () => {
  assert.equal(
    [...ATR.subarray(1)].reduce((sum, octet) => sum ^ octet),
    0,
  );
  assert.equal((ATR[1] ?? 0) & 0x0f, ATR.length - 8, 'historical bytes');
});

test('blocks of one octet give what one block gives', () => {
  const command = fromHex('bf3e035c015a');
  assert.equal(answerTo(selectedWith(card), blocksOf(command, [1, 1, 1, 1, 1])), `${eidAnswer}9000`);
});
