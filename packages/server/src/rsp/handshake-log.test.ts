import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHandshakeLog } from './handshake-log.ts';

test('twenty failed handshakes a minute are logged, and then how many more there were', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lines: [object | undefined, string][] = [];
  const record = createHandshakeLog({ info: (text, details) => void lines.push([details, text]) }, 'ES9+');
  const fail = (code: string, times: number) => {
    for (let i = 0; i < times; i++)
      record(Object.assign(new Error(), { code }), { remoteAddress: '192.0.2.1' });
  };
  fail('ERR_SSL_HTTP_REQUEST', 20);
  fail('ERR_SSL_NO_SHARED_CIPHER', 5);
  fail('ERR_UNHEARD_OF', 2);
  assert.equal(lines.length, 20);
  const reason = 'plain HTTP on a TLS port: the client must use https';
  assert.deepEqual(lines[0], [
    { interface: 'ES9+', address: '192.0.2.1', code: 'ERR_SSL_HTTP_REQUEST', reason },
    `a TLS handshake failed: ${reason}`,
  ]);
  t.mock.timers.tick(60_000);
  assert.deepEqual(lines[20], [
    { interface: 'ES9+', count: 7, reasons: { 'no common cipher suite': 5, 'the handshake failed': 2 } },
    '7 more TLS handshakes failed in a minute',
  ]);
  fail('ERR_SSL_HTTP_REQUEST', 1);
  assert.equal(lines.length, 22, 'the next minute starts with none');
});
