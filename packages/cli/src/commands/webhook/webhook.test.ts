import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { webhooks } from '@esim-rsp/sdk';
import type { Outcome } from '../../../../../test/harness/esim.ts';
import { esimWithDemo } from '../../../../../test/harness/esim-with-server.ts';

const { cwd, esim } = await esimWithDemo();
const messages: unknown[] = [];
const secret = `whsec_${Buffer.alloc(32, 'mine').toString('base64')}`;
let status = 204;
const receiver = createServer(async (request, response) => {
  messages.push(await webhooks.unwrap(await text(request), request.headers, secret));
  response.writeHead(status).end();
});
receiver.listen(0, '127.0.0.1');
await once(receiver, 'listening');
const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
after(async () => {
  receiver.close();
});

function json({ code, out, err }: Outcome) {
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

test('a webhook is created, tested, shown, updated, replayed and deleted', async () => {
  writeFileSync(join(cwd, 'secret'), `${secret}\n`);
  const added = await esim('webhook', 'create', url, '--events', 'all', '--secret-file', 'secret', '--json');
  const { id } = json(added);
  assert.equal(json(added).secret, secret);
  const tested = await esim('webhook', 'test', id);
  assert.deepEqual([tested.code, tested.out], [0, 'webhook.test has arrived: answered 204\n']);
  const [listed, shown] = await Promise.all([esim('webhook', 'list'), esim('webhook', 'show', id)]);
  assert.match(listed.out, new RegExp(`^ID .*\\n${id} +${url} +enabled\\n$`));
  assert.match(shown.out, /\nevents +all\n/);
  assert.ok(!(listed.out + shown.out).includes('whsec_'));
  const [log] = json(await esim('webhook', 'deliveries', id, '--json')).deliveries;
  assert.deepEqual([log.type, log.state], ['webhook.test', 'delivered']);
  assert.equal((await esim('webhook', 'replay', id, String(log.id))).code, 0);
  assert.equal(messages.length, 2);

  status = 410;
  const gone = await esim('webhook', 'test', id);
  assert.deepEqual([gone.code, gone.out], [1, '']);
  assert.match(gone.err, /webhook\.test has not arrived: answered 410/);
  assert.match(
    (await esim('webhook', 'list')).out,
    /disabled: answered 410 Gone: the receiver wants no more events/,
  );
  assert.equal(json(await esim('webhook', 'update', id, '--enable', '--json')).disabled, false);
  assert.match((await esim('webhook', 'deliveries', id)).out, / skipped +1 +answered 410/);
  assert.match((await esim('webhook', 'rotate', id)).out, /\nsecret +whsec_[A-Za-z0-9+/=]{44}\n$/);
  assert.equal((await esim('webhook', 'delete', id)).code, 0);
  assert.equal((await esim('webhook', 'show', id)).code, 1);
});

test('wrong usage ends with 2, and a secret is not quoted', async () => {
  writeFileSync(join(cwd, 'bad'), 'hush hush');
  const bad = await esim('webhook', 'create', url, '--secret-file', 'bad');
  assert.equal(bad.code, 2);
  assert.doesNotMatch(bad.err, /hush/);
  for (const args of [
    ['show', 'we_1'],
    ['update', `we_${'0'.repeat(24)}`],
    ['create', url, '--events', 'Everything!'],
  ])
    assert.equal((await esim('webhook', ...args)).code, 2, args.join(' '));
  assert.equal((await esim('webhook', 'create', 'ftp://example.com/')).code, 1);
});
