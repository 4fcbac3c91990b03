import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { encodeQrMatrix } from '@esim-rsp/server/qr/matrix';
import { renderPng } from '#server/qr/png';
import { esimWithEmptyServer } from '../../harness/esim-with-server.ts';
import { startMailServer } from '../../harness/mail-server.ts';
import { released } from '../../harness/profiles.ts';

/** docs/guide/install-page.md: its commands are run as they are there, for a profile that is ordered. */

const mailServer = await startMailServer();
after(() => mailServer[Symbol.asyncDispose]());
const { server, esim, cwd } = await esimWithEmptyServer({
  ESIM_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
  ESIM_SMTP_STARTTLS: 'off',
  ESIM_MAIL_FROM: 'esim@example.com',
});
const guide = readFileSync(join(import.meta.dirname, '../../../docs/guide/install-page.md'), 'utf8');
const commands = [...guide.matchAll(/^npx esim (.+?)(?: {2,}# .*)?$/gm)].map(([, line = '']) =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? ''),
);

test('the commands of the guide create, show and revoke a link, and set how its page looks', async () => {
  writeFileSync(join(cwd, 'logo.png'), renderPng(encodeQrMatrix('logo', { ecc: 'M', margin: 4 })));
  const { iccid } = await released(server);
  assert.equal(commands.length, 6);
  const outputs: string[] = [];
  for (const command of commands) {
    const words = command.map((word) => (/^\d{19}$/.test(word) ? iccid : word));
    const { code, out, err } = await esim(...words);
    assert.equal(code, 0, `${command.join(' ')}: ${err}`);
    outputs.push(out);
  }
  const [first = '', url = '', shown = '', revoked = '', look = '', contacts = ''] = outputs;
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/i\/[\w-]{32}\n$/);
  assert.notEqual(first, url);
  assert.match(shown, /waiting[\s\S]*a…@example\.com/);
  assert.match(revoked, /are revoked/);
  assert.match(look, /Example Travel[\s\S]*#0b57d0[\s\S]*\/i\/-\/logo-/);
  assert.match(contacts, /help@example\.com/);
  assert.equal((await fetch(url.trim())).status, 404);
});
