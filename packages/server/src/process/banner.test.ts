import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { banner } from './banner.ts';
import type { FirstKey } from './first-account.ts';
import type { RunningServer } from './start.ts';

const server: RunningServer = {
  restUrl: 'http://127.0.0.1:8080',
  es9Url: 'https://localhost:8443',
  smdpAddress: 'localhost:8443',
  dataDir: '/srv/esim',
  account: { userId: 'demo', key: { kind: 'generated', apiKey: 'key' } },
  demo: { first: parseIccid('8900101000000000019') },
  store: 'SQLite in /srv/esim/esim.db',
  pkiDir: '/srv/esim/pki',
  risks: ['the PKI is a test PKI'],
  toggleDebug: () => undefined,
  reload: async () => undefined,
  close: async () => undefined,
};

test('the banner shows what the server uses and what is risky', () => {
  const text = banner(server);
  assert.match(text, /\n {2}Store {7}SQLite in \/srv\/esim\/esim\.db\n {2}PKI {9}\/srv\/esim\/pki\n/);
  assert.match(text, /\n {2}For tests only:\n {2}- the PKI is a test PKI\n/);
  assert.doesNotMatch(banner({ ...server, risks: [] }), /For tests only/);
});

test('the commands of the banner say where the data are, unless they are at the usual place', () => {
  assert.ok(banner(server).includes(`\n  ESIM_DATA_DIR=${server.dataDir} npx esim profile list\n`));
  const usual = banner({ ...server, dataDir: join(process.cwd(), 'data') });
  assert.match(usual, /\n {2}npx esim profile list\n/);
  const { account: _, ...without } = server;
  const strange = banner({ ...without, dataDir: "/it's here" });
  assert.ok(
    strange.includes(
      "  ESIM_DATA_DIR='/it'\\''s here' npx esim account create Operator --user-id operator\n",
    ),
  );
});

test('a key that was generated is shown to a terminal, in a file its path is shown, and a provided one never', () => {
  const keyLine = (key: FirstKey) =>
    /x-api-key {3}(.*)/.exec(banner({ ...server, account: { userId: 'demo', key } }))?.[1];
  assert.equal(keyLine({ kind: 'generated', apiKey: 'esk_1' }), 'esk_1   (shown only once)');
  assert.equal(
    keyLine({ kind: 'saved', file: '/srv/esim/credentials.json' }),
    'in /srv/esim/credentials.json',
  );
  assert.equal(keyLine({ kind: 'provided' }), 'as set in ESIM_BOOTSTRAP_API_KEY');
});
