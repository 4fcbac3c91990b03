import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startMailServer } from '../../harness/mail-server.ts';
import { released } from '../../harness/profiles.ts';
import { qrTextOf } from '../../harness/read-qr-code.ts';
import { startReceiver, until } from '../../harness/receiver.ts';
import { startServer } from '../../harness/server.ts';

/** Install links and requests for help by mail: a real SMTP server takes them. */

const mailServer = await startMailServer();
const server = await startServer({
  ESIM_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
  ESIM_SMTP_STARTTLS: 'off',
  ESIM_MAIL_FROM: 'esim@example.com',
  ESIM_WEBHOOK_ALLOW_PRIVATE: '1',
  ESIM_LOG_LEVEL: 'debug',
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await mailServer[Symbol.asyncDispose]();
});
const { api } = server;

/** The mails to an address, once there are so many. */
async function mailsTo(address: string, count = 1): Promise<string[]> {
  const found = () => mailServer.received.filter(({ to }) => to.includes(address)).map(({ raw }) => raw);
  await until(() => found().length >= count);
  return found();
}

/** The parts of a mail that have a media type, decoded. */
function partsOf(raw: string, type: string): Buffer[] {
  return raw.split(/^--[^\r\n]+(?:\r\n|$)/m).flatMap((part) => {
    const [head = '', ...body] = part.split('\r\n\r\n');
    if (!head.toLowerCase().includes(`content-type: ${type}`)) return [];
    return [decode(body.join('\r\n\r\n'), /transfer-encoding: (\S+)/i.exec(head)?.[1] ?? '')];
  });
}

function decode(body: string, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  if (encoding !== 'quoted-printable') return Buffer.from(body);
  const octets = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return Buffer.from(octets, 'latin1');
}

const urlIn = (raw: string) =>
  /http:\/\/\S+\/i\/[\w-]{32}/.exec(String(partsOf(raw, 'text/plain')[0]))?.[0] ?? '';

test('a link arrives by mail, with its QR code, in the name of the brand, and its page opens', async () => {
  await api.updateBrand({ name: 'Example <Travel>', colour: '#7a1fa2', support_email: 'help@example.com' });
  const { iccid, activationCode } = await released(server);
  const to = 'carla@customer.example';
  const { data: link } = await api.createInstallLink(iccid, { send_to: to, language: 'de-AT' });
  const [raw = ''] = await mailsTo(to);
  const url = urlIn(raw);
  assert.equal(url, link.url);
  const html = String(partsOf(raw, 'text/html')[0]);
  assert.ok(html.includes(`href="${url}"`) && html.includes('background:#7a1fa2'), html);
  assert.match(
    html,
    /Example &lt;Travel&gt;[\s\S]*eSIM installieren[\s\S]*src="cid:qr-code"[\s\S]*help@example\.com/,
  );
  const [picture = assert.fail()] = partsOf(raw, 'image/png');
  assert.equal(qrTextOf(picture), url);
  assert.match(raw, /Content-Id: <qr-code>/i);
  assert.ok(!raw.includes(activationCode) && !html.includes(activationCode), 'the mail has the code itself');
  assert.equal((await fetch(url)).status, 200);
  await until(async () => (await api.getInstallLink(iccid)).data.mail?.state === 'delivered');
});

test('each language of the page has a mail of its own, and an account writes its own text', async () => {
  const { iccid } = await released(server);
  const send = async (to: string, language: string) => {
    await api.createInstallLink(iccid, { send_to: to, language });
    return (await mailsTo(to))[0] ?? '';
  };
  const arabic = await send('ar@customer.example', 'ar');
  assert.match(String(partsOf(arabic, 'text/html')[0]), /<div dir="rtl"/);
  const own = { subject: 'Salut de {{brand}}', text: 'Voici: {{link}} ({{expires_on}})\n' };
  await api.putMailTemplate('install_link', 'fr', own);
  const french = await send('fr@customer.example', 'fr');
  assert.match(french, /^Subject: Salut de Example <Travel>\r$/m);
  assert.equal(partsOf(french, 'image/png').length, 0);
  assert.match(String(french), /Voici: http:/);
});

test('a link that is revoked before its mail leaves is not sent', async () => {
  const { iccid } = await released(server);
  const to = 'late@customer.example';
  mailServer.answers.recipient = (address) => (address === to ? 450 : undefined);
  await api.createInstallLink(iccid, { send_to: to });
  const mail = async () => (await api.getInstallLink(iccid)).data.mail;
  await until(async () => (await mail())?.last_error !== undefined);
  const { data } = await api.listMailDeliveries();
  const id = data.deliveries.find((one) => one.to === to)?.id ?? assert.fail();
  await api.deleteInstallLink(iccid);
  delete mailServer.answers.recipient;
  const state = async () =>
    (await api.listMailDeliveries()).data.deliveries.find((one) => one.id === id)?.state;
  await until(async () => (await state()) === 'skipped');
  assert.ok(!mailServer.received.some((one) => one.to.includes(to)));
});

test('a request for help is one webhook message and one mail a day, and a new link answers it', async () => {
  await using receiver = await startReceiver();
  await api.createWebhook({ url: receiver.url, events: ['install_link.help_requested'] });
  const [all, stock] = ['support@example.com', 'stock@example.com'];
  await api.putMailRecipient(all, { language: 'de' });
  await api.putMailRecipient(stock, { kinds: ['low_stock'] });
  const { iccid } = await released(server);
  const { data: link } = await api.createInstallLink(iccid, {});
  const ask = async (message: string) => {
    const answer = await fetch(`${link.url}/help`, {
      method: 'POST',
      body: new URLSearchParams({ message }),
      redirect: 'manual',
    });
    return answer.headers.get('location') ?? '';
  };
  assert.match(await ask('Mein Telefon ist neu <b>'), /help=asked#/);
  assert.match(await ask('again'), /help=askedBefore#/);
  const [message] = await receiver.count(1);
  assert.equal(JSON.parse(message?.body ?? '').data.message, 'Mein Telefon ist neu <b>');
  const [raw = ''] = await mailsTo(all);
  const text = String(partsOf(raw, 'text/plain')[0] ?? raw);
  assert.ok(raw.includes(iccid) && (text + raw).includes('Mein Telefon ist neu <b>'), raw);
  await api.createInstallLink(iccid, { send_to: 'new@customer.example' });
  await mailsTo('new@customer.example');
  assert.equal((await api.getInstallLink(iccid)).data.help_requested_at, undefined);
  assert.deepEqual([(await mailsTo(all)).length, receiver.received.length], [1, 1]);
  assert.ok(!mailServer.received.some(({ to }) => to.includes(stock)));
  const { deliveries } = (await api.listMailDeliveries()).data;
  assert.ok(!JSON.stringify(deliveries).includes('Mein Telefon'), 'the list of mails has the message');
});

test('no token and no address of a customer is in a log line, a list or the audit log', async () => {
  const tokens = mailServer.received.map(({ raw }) => urlIn(raw).split('/').at(-1) ?? '').filter(Boolean);
  assert.ok(tokens.length >= 4);
  const lists = await Promise.all([
    api.listMailDeliveries(),
    api.listAudit({ count: 500 }),
    api.listEvents(),
  ]);
  const shown = server.log() + JSON.stringify(lists.map(({ data }) => data));
  for (const token of tokens) assert.ok(!shown.includes(token));
  assert.ok(!(server.log() + JSON.stringify(lists[1].data)).includes('customer.example'));
  assert.match(server.log(), /"type":"install_link"/);
});
