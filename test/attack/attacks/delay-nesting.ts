import { request } from 'node:https';
import { concat, fromHex, tlv } from '@esim-rsp/codec';
import { account } from '../../harness/server.ts';
import type { Attack, Target } from '../attack.ts';
import { mustStayResponsive } from '../responsive.ts';
import { sendImport } from './delay-imports.ts';

/** Values in values, as deep as a body allows. */
export const delayNesting: readonly Attack[] = [
  {
    name: 'deep JSON and deep DER do not delay other requests',
    alone: true,
    run: async (target) => {
      const json = [
        `${'['.repeat(700_000)}${']'.repeat(700_000)}`,
        `${'{"a":'.repeat(200_000)}0${'}'.repeat(200_000)}`,
      ];
      const der = [deepDer(2000), wideDer(20_000), longIccid(20_000), wideDer(700_000)].map((bytes) =>
        Buffer.from(bytes).toString('base64'),
      );
      const rows = [
        ...json,
        ...json.map((text) => `{"parameters":${text}}`),
        ...der.map((text) => `{"profile_package":"${text}"}`),
      ];
      await mustStayResponsive(target, () =>
        Promise.all([
          ...Array.from({ length: 4 }, () =>
            sendImport(
              target,
              'ndjson',
              rows.map((row) => `${row}\n`),
            ),
          ),
          ...Array.from({ length: 8 }, () => create(target, rows.slice(-4))),
          ...Array.from({ length: 8 }, (_, i) => callEs9(target, der[i % 2] as string)),
        ]),
      );
    },
  },
];

/** SEQUENCE in SEQUENCE. */
function deepDer(depth: number): Uint8Array {
  let bytes: Uint8Array = new Uint8Array();
  for (let i = 0; i < depth; i++) bytes = tlv(0x30, bytes);
  return bytes;
}

/** A header of a profile package with that many empty TLVs. */
function wideDer(count: number): Uint8Array {
  return tlv(
    0xa0,
    new Uint8Array(2 * count).map((_, i) => (i % 2 ? 0 : 0x30)),
  );
}

/** A profile package whose header has an ICCID of that many octets, all of them padding but the last half. */
function longIccid(octets: number): Uint8Array {
  const iccid = tlv(0x83, new Uint8Array(octets).fill(0xff).fill(0xf0, -1));
  return concat(tlv(0xa0, fromHex('800102'), fromHex('810103'), iccid), fromHex('aa00'));
}

async function create({ restUrl }: Target, bodies: readonly string[]): Promise<void> {
  for (const body of bodies) {
    const headers = {
      'content-type': 'application/json',
      'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
      'x-api-key': account.ESIM_BOOTSTRAP_API_KEY,
    };
    await (await fetch(`${restUrl}/api/v1/esim/euicc-profiles`, { method: 'POST', headers, body })).text();
  }
}

/** Every function of ES9+ that takes DER, several times. */
async function callEs9({ es9Url }: Target, base64: string): Promise<void> {
  for (let i = 0; i < 10; i++)
    for (const [name, member] of Object.entries(members))
      await postEs9(new URL(`/gsma/rsp2/es9plus/${name}`, es9Url), {
        transactionId: '00112233445566778899AABBCCDDEEFF',
        [member]: base64,
      });
}

const members = {
  initiateAuthentication: 'euiccInfo1',
  authenticateClient: 'authenticateServerResponse',
  getBoundProfilePackage: 'prepareDownloadResponse',
  handleNotification: 'pendingNotification',
  cancelSession: 'cancelSessionResponse',
};

function postEs9(url: URL, body: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(url, {
      method: 'POST',
      rejectUnauthorized: false,
      headers: { 'content-type': 'application/json', 'x-admin-protocol': 'gsma/rsp/v2.2.0' },
    });
    call.on('response', (answer) => answer.resume().on('end', () => resolve()));
    call.on('error', reject).end(JSON.stringify(body));
  });
}
