import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { writePkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { createTestPki } from '@esim-rsp/server/keys/smdp-keys';
import type { StatusCode } from '@esim-rsp/sgp22/status';
import { downloadBy, newPhone, refusedAt, type TestPhone } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import type { Attack, Target } from '../attack.ts';

/** Guessing MatchingIDs and confirmation codes. */
export const codeAttempts: readonly Attack[] = [
  {
    name: 'an eUICC that guesses codes has to wait, and its neighbours at the same address do not',
    settings: { ESIM_CODE_ATTEMPTS_PER_ADDRESS: '1000', ESIM_CODE_ATTEMPTS_PER_EUICC: '3' },
    prepare: preparePki,
    sample: true,
    run: async (target) => {
      const { activationCode } = await released(target);
      await using guessing = await newPhone(target, { pkiDir: join(target.dataDir, COMPLETE) });
      await using neighbour = await newPhone(target, { pkiDir: join(target.dataDir, COMPLETE) });
      for (let i = 0; i < 3; i++) await guessCode(target, guessing, '8.2.6/3.8');
      for (let i = 0; i < 3; i++) await guessCode(target, guessing, '1.2/4.4');
      await assert.rejects(downloadBy(guessing, activationCode), refusedAt('authenticateClient', '1.2/4.4'));
      await guessCode(target, neighbour, '8.2.6/3.8');
      await downloadBy(neighbour, activationCode);
    },
  },
  {
    name: 'eUICCs that anybody can create cannot guess more by having more EIDs',
    settings: { ESIM_CODE_ATTEMPTS_PER_ADDRESS: '5', ESIM_CODE_ATTEMPTS_PER_EUICC: '3' },
    run: async (target) => {
      const answers: string[] = [];
      for (let i = 0; i < 3; i++) {
        await using phone = await newPhone(target);
        for (const expected of ['8.2.6/3.8', '8.2.6/3.8'])
          answers.push(await guessCode(target, phone, answers.length < 5 ? expected : '1.2/4.4'));
      }
    },
  },
  {
    name: 'guesses at the same time do not exceed the limit',
    settings: { ESIM_CODE_ATTEMPTS_PER_ADDRESS: '5', ESIM_CODE_ATTEMPTS_PER_EUICC: '0' },
    run: async (target) => {
      const phones = await Promise.all(Array.from({ length: 20 }, () => newPhone(target)));
      const answers = await Promise.all(phones.map((phone) => answerToGuess(target, phone)));
      await Promise.all(phones.map((phone) => phone[Symbol.asyncDispose]()));
      assert.equal(answers.filter((answer) => answer === '8.2.6/3.8').length, 5, answers.join(' '));
    },
  },
  {
    name: 'clients behind a proxy that passes TLS on are counted by the addresses that it announces',
    settings: { ESIM_PROXY_PROTOCOL: '1', ESIM_CODE_ATTEMPTS_PER_ADDRESS: '2' },
    run: async (target) => {
      await using first = await startPassThrough(target, 'PROXY TCP4 203.0.113.1 192.0.2.1 1 443');
      await using second = await startPassThrough(target, 'PROXY TCP6 2001:db8::1 2001:db8::2 1 443');
      await using guessing = await newPhone(target, { connectTo: first.place });
      await using neighbour = await newPhone(target, { connectTo: second.place });
      for (const expected of ['8.2.6/3.8', '8.2.6/3.8', '1.2/4.4', '1.2/4.4'])
        await guessCode(target, guessing, expected);
      await guessCode(target, neighbour, '8.2.6/3.8');
      await using direct = await newPhone(target);
      assert.doesNotMatch(await answerToGuess(target, direct), /^\d/, 'a call without header was answered');
    },
  },
];

/** A proxy as nginx (stream) or HAProxy (mode tcp) is one: it sends a header, and then the octets of the client. */
async function startPassThrough({ es9Url }: Target, header: string) {
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(es9Url).port), '127.0.0.1');
    upstream.write(`${header}\r\n`);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    client.pipe(upstream).pipe(client);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { place: `127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void server.close() };
}

const COMPLETE = 'complete-pki';

/** A PKI as on the Internet: the server does not have the key of the EUM, so eUICCs cannot be created by anybody. */
async function preparePki(dataDir: string) {
  const files = createTestPki({ host: 'localhost', now: Date.now() });
  const live = new Map([...files].filter(([path]) => !/SK_(CI|EUM)/.test(path)));
  await writePkiDirectory(join(dataDir, COMPLETE), files);
  await writePkiDirectory(join(dataDir, 'pki'), live);
  return {};
}

async function guessCode(target: Target, phone: TestPhone, expected: string): Promise<string> {
  const answer = await answerToGuess(target, phone);
  assert.equal(answer, expected);
  return answer;
}

/** The status codes of authenticateClient for a MatchingID that does not exist. */
async function answerToGuess({ smdpAddress, random }: Target, phone: TestPhone): Promise<string> {
  try {
    await downloadBy(phone, `LPA:1$${smdpAddress}$GUESS-${random(1_000_000)}`);
    return 'downloaded';
  } catch (error) {
    const { status } = error as { readonly status?: StatusCode };
    return status === undefined ? String(error) : `${status.subjectCode}/${status.reasonCode}`;
  }
}
