import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { type ConnectionLimits, limitConnections } from './connections.ts';
import { noNetworks, parseNetworks } from './networks.ts';
import { createRounds } from './rounds.ts';

const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
});

async function serve(limits: Partial<ConnectionLimits>) {
  const server = createServer((_request, response) => response.end('served'));
  const reports: string[] = [];
  limitConnections(server, {
    rounds: createRounds(),
    waitMs: 1000,
    total: 100,
    perAddress: 100,
    proxies: noNetworks,
    report: (reason, refused) => void reports.push(`${reason} ${refused}`),
    ...limits,
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  /** Opens a connection; resolves to it if it gets an answer. */
  const open = async (): Promise<Socket | undefined> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const [data] = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    if (!(data instanceof Buffer)) return undefined;
    closing.push(() => socket.destroy());
    return socket;
  };
  return { server, reports, open, port };
}

test('an address has at most its number of connections, and gets a new one when one is closed', async () => {
  const { open, reports } = await serve({ perAddress: 3 });
  const [first] = [await open(), await open(), await open()];
  assert.equal(await open(), undefined);
  assert.equal(await open(), undefined);
  assert.deepEqual(reports, ['address 1']);
  first?.destroy();
  while ((await open()) === undefined);
});

test('a proxy may have more connections than an address', async () => {
  const { open } = await serve({ perAddress: 1, proxies: parseNetworks('127.0.0.0/8') });
  for (let i = 0; i < 5; i++) assert.ok(await open());
});

test('at the total, idle connections make room', async () => {
  const { open, port, reports } = await serve({ total: 3 });
  for (let i = 0; i < 3; i++) assert.ok(await open());
  assert.equal(await open(), undefined);
  assert.deepEqual(reports, ['total 1']);
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  get({ port, host: '127.0.0.1', agent: false }, ({ statusCode }) => resolve(statusCode)).on('error', reject);
  assert.equal(await promise, 200);
});

test('a server without file descriptors reports it and goes on', async () => {
  const { server, open, reports } = await serve({});
  for (let i = 0; i < 5; i++) server.emit('error', Object.assign(new Error('accept'), { code: 'EMFILE' }));
  assert.deepEqual(reports, ['files 1']);
  assert.ok(await open());
  assert.throws(() => server.emit('error', new Error('another')), /another/);
});
