import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Outcome } from '../../../../../test/harness/esim.ts';
import { esimWithDemo } from '../../../../../test/harness/esim-with-server.ts';

const { cwd, esim, server } = await esimWithDemo();

const file = (name: string) => readFileSync(join(cwd, name), 'utf8');
const user: string = JSON.parse(file('data/credentials.json')).userId;

function json({ code, out, err }: Outcome) {
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

function refused({ code, err }: Outcome, expected: number, message: RegExp) {
  assert.equal(code, expected, err);
  assert.match(err, message);
}

/** One call of ES2+ with the files that make-cert wrote; resolves to status and body. */
function called(name: string, by: string): Promise<[status: number | undefined, body: string]> {
  return new Promise((resolve, reject) => {
    const sending = request(
      `${server.es2Url}/gsma/rsp2/es2plus/downloadOrder`,
      {
        method: 'POST',
        ca: file('data/pki/CertificateIssuer/CERT_CI_ECDSA_NIST.pem'),
        cert: file(`${by}.pem`),
        key: file(`${by}.key`),
        agent: false,
      },
      async (response) => {
        let body = '';
        for await (const chunk of response) body += chunk;
        resolve([response.statusCode, body]);
      },
    );
    const header = { functionRequesterIdentifier: name, functionCallIdentifier: 'call-1' };
    sending.on('error', reject).end(JSON.stringify({ header, iccid: '8900101000000009999' }));
  });
}

test('an operator is let in with a certificate that is made for it, listed, and deleted', async () => {
  const made = json(await esim('operator', 'make-cert', 'shop', '--json'));
  assert.deepEqual(made, { key: 'shop.key', certificate: 'shop.pem' });
  assert.equal(statSync(join(cwd, 'shop.key')).mode & 0o777, 0o600);
  refused(await esim('operator', 'make-cert', 'shop'), 1, /shop.key already exists/);
  assert.equal((await called('shop', 'shop'))[0], 403);

  const added = await esim('operator', 'create', '--name', 'shop', '--cert', 'shop.pem');
  assert.deepEqual([added.code, added.out], [0, 'shop\n']);
  assert.match(
    added.err,
    /curl --cacert data\/pki\/CertificateIssuer\/CERT_CI_ECDSA_NIST.pem \\\n {2}--cert shop.pem --key shop.key .*"iccid":"8900101000000000043"/s,
  );
  const [status, body] = await called('shop', 'shop');
  assert.equal(status, 200);
  assert.match(body, /"subjectCode":"8.2.1","reasonCode":"3.9"/);

  const [listed, ...others] = json(await esim('operator', 'list', '--json'));
  assert.deepEqual([listed.name, listed.user_id, listed.requester_identifiers], ['shop', user, ['shop']]);
  assert.equal(others.length, 0);
  assert.match((await esim('operator', 'list')).out, /^NAME.*\nshop .* certificate [0-9a-f]{64}\n$/);
  assert.deepEqual(json(await esim('operator', 'delete', 'shop', '--json')), { name: 'shop', deleted: true });
  refused(await esim('operator', 'delete', 'shop'), 1, /there is no operator shop/);
  assert.match((await esim('operator', 'list')).err, /there are no operators yet/);
});

test('a CA is taken as DER too, under identifiers of its own', async () => {
  const ca = ['--ca', 'data/pki/CertificateIssuer/CERT_CI_ECDSA_NIST.der'];
  const ids = ['--requester-id', '1.2.3', '--requester-id', 'hub'];
  const added = json(
    await esim('operator', 'create', '--name', 'hub', '--user', user, ...ca, ...ids, '--json'),
  );
  assert.deepEqual(added.requester_identifiers, ['1.2.3', 'hub']);
  assert.match(added.ca_subject, /CN=Test CI/);
  assert.match((await esim('operator', 'list')).out, /hub .* 1.2.3, hub +CA .*CN=Test CI/);
  refused(
    await esim('operator', 'create', '--name', 'hub', '--user', user, ...ca),
    1,
    /the operator hub already exists/,
  );
});

test('what cannot be an operator is refused with what to do', async () => {
  json(await esim('operator', 'make-cert', 'other', '--json'));
  writeFileSync(join(cwd, 'empty.pem'), '');
  const add = (...args: string[]) => esim('operator', 'create', '--name', 'x', ...args);
  refused(await add('--user', user), 2, /use either --cert or --ca/);
  refused(await add('--user', user, '--cert', 'other.pem', '--ca', 'other.pem'), 2, /use either/);
  refused(await add('--user', user, '--ca', 'other.pem'), 1, /not the certificate of a CA/);
  refused(await add('--user', user, '--cert', 'empty.pem'), 1, /no certificate in empty.pem/);
  refused(await add('--user', user, '--cert', 'missing.pem'), 1, /missing.pem cannot be read \(ENOENT\)/);
  const ci = 'data/pki/CertificateIssuer/CERT_CI_ECDSA_NIST.pem'; // its key usage is keyCertSign
  refused(
    await add('--user', user, '--cert', ci),
    1,
    /not for TLS clients: its key usage must have digitalSig/,
  );
  refused(await add('--user', 'nobody', '--cert', 'other.pem'), 1, /no account nobody/);
  refused(await add('--user', user, '--cert', 'other.pem', '--requester-id', ''), 2, /1 to 255/);
  refused(
    await esim('operator', 'create', '--name', 'a b', '--user', user, '--cert', 'other.pem'),
    2,
    /1 to 64/,
  );
});

test('--help says which call does the same from another machine', async () => {
  for (const [group, name, call] of [
    ['account', 'create', 'createAccount'],
    ['account', 'list', 'listAccounts'],
    ['operator', 'create', 'createOperator'],
    ['operator', 'update', 'updateOperator'],
  ] as const)
    assert.ok((await esim(group, name, '--help')).out.includes(call), `${group} ${name}`);
});

test('--help shows the three lines that try ES2+', async () => {
  const { out } = await esim('operator', 'create', '--help');
  assert.match(out, /esim operator make-cert shop/);
  assert.match(out, /--cert shop.pem --key shop.key/);
  const { port } = new URL(server.es2Url);
  assert.ok(
    out.includes(`https://localhost:${port}/gsma/rsp2/es2plus/downloadOrder`),
    'the address of the running server',
  );
});

test('where an operator is informed of downloads is set, changed and taken away', async () => {
  json(await esim('operator', 'make-cert', 'notified', '--json'));
  json(await esim('operator', 'make-cert', 'another', '--json'));
  json(await esim('operator', 'create', '--name', 'notified', '--cert', 'notified.pem', '--json'));
  refused(
    await esim('operator', 'update', 'notified', '--progress-style', '101'),
    2,
    /add --progress-url: the address/,
  );
  refused(await esim('operator', 'update', 'nobody', '--no-progress'), 1, /there is no operator nobody/);
  const update = (...args: string[]) => esim('operator', 'update', 'notified', '--json', ...args);
  const address = 'https://notified.example.com/gsma/rsp2/es2plus/handleDownloadProgressInfo';
  const { progress } = json(await update('--progress-url', 'https://notified.example.com'));
  assert.deepEqual(progress, {
    url: address,
    style: 'standard',
    shows_certificate: false,
    trusts: 'public CAs',
  });
  refused(
    await update('--progress-cert', 'notified.pem'),
    2,
    /use --progress-cert and --progress-key together/,
  );
  const wrong = await update('--progress-cert', 'notified.pem', '--progress-key', 'another.key');
  refused(wrong, 1, /another\.key is not the key of the certificate in notified\.pem/);
  const right = await update(
    '--progress-cert',
    'notified.pem',
    '--progress-key',
    'notified.key',
    '--progress-style',
    '5-8',
  );
  assert.deepEqual(json(right).progress, { ...progress, style: '5-8', shows_certificate: true });
  assert.doesNotMatch(right.out, /PRIVATE KEY/);
  assert.match((await esim('operator', 'list')).out, new RegExp(`^notified .* ${address}$`, 'm'));
  assert.deepEqual(json(await esim('operator', 'deliveries', 'notified', '--json')), {
    deliveries: [],
    more: false,
  });
  refused(await esim('operator', 'deliveries', 'nobody'), 1, /there is no operator nobody/);
  refused(await esim('operator', 'replay', 'nobody', '1'), 1, /there is no operator nobody/);
  refused(await esim('operator', 'replay', 'notified', '1'), 1, /notified has no delivery 1/);
  refused(
    await esim('operator', 'update', 'notified'),
    2,
    /there is nothing to update: see 'esim operator update --help'/,
  );
  assert.equal(json(await update('--no-progress')).progress, undefined);
  const { entries } = json(await esim('audit', '--target', 'notified', '--json'));
  const operations: string[] = entries.map(({ operation }: { operation: string }) => operation);
  assert.equal(operations[0], 'esim operator update', 'the newest');
  assert.equal(operations.at(-1), 'esim operator create');
});
