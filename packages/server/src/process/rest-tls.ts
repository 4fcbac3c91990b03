import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import { createSecureContext } from 'node:tls';
import { fingerprintFile } from '../keys/pki-directory.ts';
import type { Log } from '../log/log.ts';
import type { RestTls } from '../rest/app.ts';
import type { Config } from './config.ts';
import { type Reloaded, reloadFiles } from './reload.ts';
import { StartError } from './start-error.ts';

type Files = NonNullable<Config['httpTls']>;

/** The certificate and key of REST. undefined: plain HTTP. Throws a StartError if they cannot be used. */
export async function readRestTls({ httpTls }: Config): Promise<RestTls | undefined> {
  if (httpTls === undefined) return undefined;
  try {
    return await readFiles(httpTls);
  } catch (error) {
    throw new StartError(
      `the TLS certificate of REST cannot be used: ${reasonOf(error)}; check ESIM_HTTP_CERT and ESIM_HTTP_KEY`,
      { cause: error },
    );
  }
}

async function readFiles({ cert, key }: Files): Promise<RestTls> {
  const tls = { cert: await readFile(cert), key: await readFile(key) };
  createSecureContext(tls); // checks that the key belongs to the certificate
  return tls;
}

/** The reason without anything of the key. */
function reasonOf(error: unknown): string {
  const { code, path } = error as NodeJS.ErrnoException;
  return path === undefined ? (code ?? 'it cannot be read') : `${path} cannot be read (${code})`;
}

/** Uses the files again when they change. */
export function renewRestTls({ cert, key }: Files, server: Server, log: Log): Reloaded<void> {
  return reloadFiles<void>({
    what: 'the TLS certificate of REST',
    first: undefined,
    fingerprint: async () => `${await fingerprintFile(cert)} ${await fingerprintFile(key)}`,
    read: async () => {
      const tls = await readFiles({ cert, key });
      if (server instanceof HttpsServer) server.setSecureContext({ ...tls, minVersion: 'TLSv1.2' });
    },
    log,
  });
}
