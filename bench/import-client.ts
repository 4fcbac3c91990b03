import { toBase64 } from '@esim-rsp/codec';
import { Configuration, ESIMRSPApi } from '@esim-rsp/sdk';
import { ACCOUNT } from './seed.ts';
import { API_KEY, type BenchServer } from './server.ts';

/** Sends packages as NDJSON, as a client does. */
export async function importPackages(
  { port }: BenchServer,
  packages: readonly Uint8Array[],
  protection: string,
): Promise<void> {
  const line = (upp: Uint8Array) => `${JSON.stringify({ profile_package: toBase64(upp), protection })}\n`;
  const apiKey = (name: string) => (name === 'x-user-id' ? ACCOUNT : API_KEY);
  const api = new ESIMRSPApi(new Configuration({ basePath: `http://127.0.0.1:${port}/api/v1/esim`, apiKey }));
  const reports = await Array.fromAsync(
    api.importEUICCProfiles(new Blob(packages.map(line)), { format: 'ndjson' }),
  );
  const last = reports.at(-1);
  if (last?.type !== 'summary' || last.created !== packages.length)
    throw new Error(`the import ended with ${JSON.stringify(last)}`);
}
