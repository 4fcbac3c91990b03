import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { concat, toHex } from '@esim-rsp/codec';
import { connectIpa, type IpaConnection } from './ipa.ts';

const PROGRAM = '/usr/bin/osmo-hlr';
export const noHlr = existsSync(PROGRAM) ? undefined : `${PROGRAM} is missing (Debian's package osmo-hlr)`;

/** One authentication vector: what a core network sends to a card, and what it expects. All in hexadecimal. */
export type Vector = Readonly<Record<'rand' | 'autn' | 'res' | 'ck' | 'ik', string>>;

/** A real OsmoHLR on an address of its own. */
export type Hlr = AsyncDisposable & {
  /** Of its CTRL interface, for `esim core add`. */
  readonly url: string;
  /** A command of its CTRL interface; asserts that it succeeds. */
  control(command: string): Promise<string>;
  /** SendAuthInfo over GSUP; after a resynchronisation of the card with its RAND and AUTS. */
  vectors(imsi: string, lost?: { readonly rand: string; readonly auts: string }): Promise<readonly Vector[]>;
};

/** Its ports cannot be chosen, but any address of 127.0.0.0/8 is this machine. */
export function ownAddress(): string {
  return `127.${1 + (process.pid % 250)}.${1 + Math.floor(Math.random() * 250)}.2`;
}

const [CTRL, GSUP] = [4259, 4222];
const [CCM_STREAM, OSMO_STREAM] = [0xfe, 0xee];
const [CONTROL_EXTENSION, GSUP_EXTENSION] = [0x00, 0x05];

const configurationOf = (address: string) =>
  `line vty\n bind ${address}\nctrl\n bind ${address}\nhlr\n gsup\n  bind ip ${address}\n`;

/** `address`: of this machine; that of one which is started later can be known before. */
export async function startHlr(
  address = ownAddress(),
  configuration = configurationOf(address),
): Promise<Hlr> {
  const folder = mkdtempSync(join(tmpdir(), 'esim-hlr-'));
  const config = join(folder, 'hlr.cfg');
  writeFileSync(config, configuration);
  const child = spawn(PROGRAM, ['-c', config, '-l', join(folder, 'hlr.db')], {
    stdio: 'ignore',
    cwd: folder,
  });
  const ctrl = await connected(child, address, CTRL);
  const gsup = await connected(child, address, GSUP);
  await introduce(gsup);
  let calls = 0;
  return {
    url: `ctrl://${address}:${CTRL}`,
    control: async (command) => {
      const [verb = '', ...rest] = command.split(' ');
      const text = new TextEncoder().encode(`${verb} ${++calls} ${rest.join(' ')}`);
      ctrl.send({ stream: OSMO_STREAM, content: concat(Uint8Array.of(CONTROL_EXTENSION), text) });
      const answer = new TextDecoder().decode((await ctrl.next(OSMO_STREAM)).subarray(1));
      assert.match(answer, new RegExp(`^${verb}_REPLY ${calls} `), answer);
      return answer;
    },
    vectors: async (imsi, lost) => {
      gsup.send({ stream: OSMO_STREAM, content: authInfoRequest(imsi, lost) });
      return vectorsIn(await gsup.next(OSMO_STREAM));
    },
    [Symbol.asyncDispose]: async () => {
      for (const connection of [ctrl, gsup]) connection[Symbol.dispose]();
      if (child.exitCode === null && child.signalCode === null) {
        child.kill();
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Connects as soon as it listens. */
async function connected(child: ChildProcess, address: string, port: number): Promise<IpaConnection> {
  for (;;) {
    assert.equal(child.exitCode, null, 'osmo-hlr has ended');
    try {
      return await connectIpa(address, port);
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
      await sleep(50);
    }
  }
}

const [ID_RESPONSE, SERIAL, NAME, UNIT] = [0x05, 0x00, 0x01, 0x08];

/** A client of GSUP says its name when it is asked (CCM). */
async function introduce(gsup: IpaConnection): Promise<void> {
  await gsup.next(CCM_STREAM);
  const member = (tag: number, text: string) =>
    concat(Uint8Array.of(0, text.length + 2, tag), new TextEncoder().encode(`${text}\0`));
  const content = concat(
    Uint8Array.of(ID_RESPONSE),
    member(UNIT, '0/0/0'),
    member(NAME, 'esim-rsp'),
    member(SERIAL, 'esim-rsp'),
  );
  gsup.send({ stream: CCM_STREAM, content });
}

/** Information elements of GSUP. */
const ie = {
  imsi: 0x01,
  tuple: 0x03,
  rand: 0x20,
  ik: 0x23,
  ck: 0x24,
  autn: 0x25,
  auts: 0x26,
  res: 0x27,
} as const;
const [SEND_AUTH_INFO_REQUEST, SEND_AUTH_INFO_RESULT] = [0x08, 0x0a];

function element(tag: number, value: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(tag, value.length), value);
}

function authInfoRequest(imsi: string, lost?: { readonly rand: string; readonly auts: string }): Uint8Array {
  const digits = `${imsi}f`.match(/../g) ?? [];
  const bcd = Uint8Array.from(digits, ([low, high]) => Number.parseInt(`${high}${low}`, 16));
  return concat(
    Uint8Array.of(GSUP_EXTENSION, SEND_AUTH_INFO_REQUEST),
    element(ie.imsi, bcd),
    ...(lost === undefined
      ? []
      : [element(ie.auts, Buffer.from(lost.auts, 'hex')), element(ie.rand, Buffer.from(lost.rand, 'hex'))]),
  );
}

function vectorsIn(message: Uint8Array): readonly Vector[] {
  assert.deepEqual([...message.subarray(0, 2)], [GSUP_EXTENSION, SEND_AUTH_INFO_RESULT]);
  return elementsIn(message.subarray(2)).flatMap(([tag, value]) => {
    if (tag !== ie.tuple) return [];
    const members = new Map(elementsIn(value));
    const [rand, autn, res, ck, ik] = [ie.rand, ie.autn, ie.res, ie.ck, ie.ik].map((name) =>
      toHex(members.get(name) ?? assert.fail('a vector is not complete')),
    ) as [string, string, string, string, string];
    return [{ rand, autn, res, ck, ik }];
  });
}

function elementsIn(octets: Uint8Array): [tag: number, value: Uint8Array][] {
  const elements: [number, Uint8Array][] = [];
  for (let at = 0; at < octets.length; ) {
    const [tag = 0, length = 0] = octets.subarray(at, at + 2);
    elements.push([tag, octets.subarray(at + 2, at + 2 + length)]);
    at += 2 + length;
  }
  return elements;
}
