import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { es2plus } from '@esim-rsp/sgp22/functions/es2plus';
import { pkiFilePath } from '@esim-rsp/sgp22/pki/files';
import { serverAddresses } from '../running.ts';

type Files = { readonly cert: string; readonly key: string };

/** A curl line to copy, which orders a profile over ES2+. */
export function curlLine(requesterIdentifier: string, { cert, key }: Files, iccid = '<ICCID>'): string {
  const { es2Url = 'https://<ES2+ is off>', pkiDir } = serverAddresses();
  const { path } = es2plus.downloadOrder;
  const body = {
    header: { functionRequesterIdentifier: requesterIdentifier, functionCallIdentifier: 'call-1' },
    iccid,
  };
  return [
    `curl --cacert ${caFile(pkiDir)}`,
    `  --cert ${cert} --key ${key}`,
    `  -H 'Content-Type: application/json' -H 'X-Admin-Protocol: gsma/rsp/v2.2.0'`,
    `  -d '${JSON.stringify(body).replaceAll(',', ',\n      ')}'`,
    `  ${es2Url.replace('//127.0.0.1:', '//localhost:')}${path}`,
  ].join(' \\\n');
}

/** The CI certificate of the server's PKI, for curl. */
function caFile(pkiDir: string): string {
  const file = join(pkiDir, pkiFilePath('CERT', 'ci', 'P-256').replace(/der$/, 'pem'));
  return existsSync(file) ? relative('.', file) || file : '<CI certificate in PEM>';
}
