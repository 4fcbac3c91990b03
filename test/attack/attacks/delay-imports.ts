import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { zipOf } from '#server/rest/stock/import/zip.harness';
import { account } from '../../harness/server.ts';
import type { Attack, Target } from '../attack.ts';
import { mustStayResponsive } from '../responsive.ts';

/** Bodies of imports that cost much. */
export const delayImports: readonly Attack[] = [
  {
    name: 'an import of bad rows does not delay other requests',
    alone: true,
    sample: true,
    run: async (target) => {
      const rows = {
        ndjson: '{}\n'.repeat(1_000_000),
        csv: `iccid,imsi,ki,opc\n${'1,2,3,4\n'.repeat(400_000)}`,
      };
      await mustStayResponsive(target, async () => {
        for (const [type, text] of Object.entries(rows)) await sendImport(target, type as 'csv', text);
      });
    },
  },
  {
    name: 'an import of blank lines does not delay other requests',
    alone: true,
    run: async (target) => {
      const bodies = ['\n', ' \n', '\r\n'].map((line) => line.repeat(8_000_000));
      await mustStayResponsive(target, () =>
        Promise.all(
          bodies.map((text, i) => sendImport(target, i === 1 ? 'csv' : 'ndjson', `${columns}${text}`)),
        ),
      );
    },
  },
  {
    name: 'an import of very long lines does not delay other requests',
    alone: true,
    run: async (target) => {
      await mustStayResponsive(target, () =>
        Promise.all([
          sendImport(target, 'ndjson', repeated(`{"parameters":{"ki":"${'0'.repeat(1_400_000)}"}}\n`, 20)),
          sendImport(target, 'ndjson', repeated(`[${'{"a":[1]},'.repeat(100_000)}0]\n`, 20)),
          sendImport(target, 'csv', [columns, ...repeated(`${'"",'.repeat(400_000)}\n`, 20)]),
          sendImport(target, 'csv', [columns, ...repeated(`"${'"",\n'.repeat(300_000)}",1\n`, 20)]),
        ]),
      );
    },
  },
  {
    name: 'an import of a zip with many entries or of zip bombs does not delay other requests',
    alone: true,
    run: async (target) => {
      const tiny = { content: Buffer.from([0]) };
      const bomb = { content: Buffer.alloc(1_048_576) };
      const zips = [
        Array.from({ length: 20_000 }, (_, i) => ({ name: `${i}.der`, ...tiny })),
        Array.from({ length: 20_000 }, (_, i) => ({ name: `.${i}`, ...tiny })),
        Array.from({ length: 300 }, (_, i) => ({ name: `${i}.der`, ...bomb })),
        Array.from({ length: 300 }, (_, i) => ({
          name: `.${i}.der`,
          ...bomb,
          as: 'deflated to a pipe' as const,
        })),
      ].map(zipOf);
      await mustStayResponsive(target, () => Promise.all(zips.map((zip) => sendImport(target, 'zip', zip))));
    },
  },
];

const columns = 'iccid,imsi,ki,opc\n';
const types = { ndjson: 'application/x-ndjson', csv: 'text/csv', zip: 'application/zip' };

function repeated(line: string, count: number): string[] {
  return Array.from({ length: count }, () => line);
}

/** Sends an import and reads its answer to the end; the server may end it before the body was read. */
export async function sendImport(
  { restUrl }: Target,
  type: keyof typeof types,
  body: string | Buffer | readonly string[],
): Promise<void> {
  const pieces = typeof body === 'string' || Buffer.isBuffer(body) ? [Buffer.from(body)] : body;
  const answer = await fetch(`${restUrl}/api/v1/esim/euicc-profiles/import`, {
    method: 'POST',
    headers: {
      'content-type': types[type],
      'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
      'x-api-key': account.ESIM_BOOTSTRAP_API_KEY,
    },
    body: Readable.toWeb(Readable.from(inPieces(pieces))) as never,
    duplex: 'half',
  } as RequestInit);
  assert.ok(answer.status === 200 || answer.status === 400, `the import got ${answer.status}`);
  if (answer.body !== null) for await (const _ of answer.body);
}

function* inPieces(pieces: readonly (string | Buffer)[]): Generator<Buffer> {
  for (const piece of pieces) {
    const bytes = Buffer.from(piece as string);
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
  }
}
