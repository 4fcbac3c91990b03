import assert from 'node:assert/strict';
import type { Readable } from 'node:stream';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { LIST, type RestTest, subscription } from '../rest.harness.ts';

const types = { ndjson: 'application/x-ndjson', csv: 'text/csv', zip: 'application/zip' } as const;

type Sent = { readonly query?: string; readonly by?: 'anna' | 'bert' };
type Report = {
  readonly type: string;
  readonly line?: number;
  readonly entry?: string;
  readonly message: string;
};

export function sent(
  api: RestTest,
  type: keyof typeof types,
  payload: string | Buffer | Readable,
  more: Sent = {},
) {
  const { query = '', ...by } = more;
  const headers = { 'content-type': types[type] };
  return api.call(`${LIST}/import${query}`, { method: 'POST', payload, headers, ...by });
}

/** What an import answered: the failures as `place: message`, and the counts of the summary. */
export async function imported(
  api: RestTest,
  ...given: Parameters<typeof sent> extends [unknown, ...infer R] ? R : never
) {
  const answer = await sent(api, ...given);
  assert.equal(answer.statusCode, 200, answer.body);
  assert.match(String(answer.headers['content-type']), /^application\/x-ndjson/);
  const reports = answer.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const summary = reports.at(-1);
  assert.equal(summary.type, 'summary');
  const failures = (reports as Report[])
    .filter(({ type }) => type === 'error')
    .map(({ line, entry, message }) => `${line ?? entry}: ${message}`);
  const { rows, created, exists, failed, complete, message, dry_run } = summary;
  return { counts: [rows, created, exists, failed], complete, message, failures, dry_run, reports };
}

export const lines = (...rows: unknown[]) =>
  rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
export const shown = async (api: RestTest, iccid: string) => (await api.call(`${LIST}/${iccid}`)).json();

export function packageOf() {
  const { iccid, imsi } = subscription();
  const keys = { ki: new Uint8Array(16), opc: new Uint8Array(16) };
  const given = { iccid: parseIccid(iccid), imsi, ...keys, serviceProviderName: 'Example' };
  return { iccid, content: Buffer.from(buildProfilePackage(completeParameters(given, systemRandom))) };
}
