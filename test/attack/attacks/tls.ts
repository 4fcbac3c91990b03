import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Attack } from '../attack.ts';

/** What SGP.22 2.6.6.2 makes mandatory for servers. */
const mandatory = ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA256'];
const weak = [
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-ECDSA-NULL-SHA',
  'AECDH-AES128-SHA',
  'AES128-SHA256',
];
const tls12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;

/** TLS of ES9+ and ES2+. */
export const tls: readonly Attack[] = [
  {
    name: 'TLS agrees on no weak version and no weak cipher suite',
    sample: true,
    run: async ({ es9Url, es2Url }) => {
      for (const url of [es9Url, es2Url]) {
        for (const ciphers of mandatory) assert.equal(await cipherFor(url, { ...tls12, ciphers }), ciphers);
        for (const cipher of weak)
          await assert.rejects(
            cipherFor(url, { ...tls12, ciphers: `${cipher}:@SECLEVEL=0` }),
            /ALERT|alert|NO_CIPHER/,
            cipher,
          );
        const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
        await assert.rejects(cipherFor(url, old), /VERSION|version/);
      }
    },
  },
  {
    name: 'a client cannot make the server renegotiate TLS',
    sample: true,
    run: async ({ es9Url, es2Url }) => {
      for (const url of [es9Url, es2Url]) {
        const socket = await connected(url, tls12);
        const outcome = new Promise<string>((resolve) => {
          socket.on('error', (error) => resolve(error.message)).on('close', () => resolve('closed'));
          socket.renegotiate({ rejectUnauthorized: false }, (error) =>
            resolve(error?.message ?? 'renegotiated'),
          );
        });
        assert.match(await outcome, /no renegotiation|closed/i);
        socket.destroy();
      }
    },
  },
];

async function cipherFor(url: string, options: ConnectionOptions): Promise<string> {
  const socket = await connected(url, options);
  const { name } = socket.getCipher();
  socket.destroy();
  return name;
}

async function connected(url: string, options: ConnectionOptions): Promise<TLSSocket> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  return socket;
}
