import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { after, before, test } from 'node:test';
import { type Es9Channel, type HttpAnswer, sendNotifications } from '@esim-rsp/euicc';
import {
  asn1ContentType,
  asn1Path,
  readAsn1Response,
  writeAsn1Request,
} from '@esim-rsp/sgp22/functions/asn1-binding';
import { type Message, readMessage, writeMessage } from '@esim-rsp/sgp22/functions/binding';
import { type Es9Name, type Es9Request, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { successHeader } from '@esim-rsp/sgp22/functions/header';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released, stateOf } from '../../harness/profiles.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

/** An LPA that speaks the ASN.1 binding: what the LPA says in JSON goes out in ASN.1, and what comes back is put into JSON. */
function speakingAsn1(): Es9Channel {
  return {
    post: async (address, path, body) => {
      const name = path.split('/').at(-1) as Es9Name;
      const { request: members, response }: { request: Message; response: Message | undefined } =
        es9plus[name];
      const message = readMessage(members, body) as Es9Request<typeof name>;
      const answer = await post(address, writeAsn1Request(name, message));
      if (response === undefined) return { status: answer.status, body: undefined };
      const read = readAsn1Response(name, answer.body);
      if ('error' in read) return { status: 200, body: refusalWith(read.error) };
      return { status: 200, body: { header: successHeader, ...writeMessage(response, read.ok as never) } };
    },
  };
}

function refusalWith(error: number): HttpAnswer['body'] {
  const statusCodeData = { subjectCode: 'asn1', reasonCode: String(error) };
  return { header: { functionExecutionStatus: { status: 'Failed', statusCodeData } } };
}

async function post(address: string, body: Uint8Array): Promise<{ status: number; body: Buffer }> {
  const call = request(`https://${address}${asn1Path}`, {
    method: 'POST',
    rejectUnauthorized: false,
    headers: { 'content-type': asn1ContentType, 'x-admin-protocol': 'gsma/rsp/v2.2.0' },
  });
  call.end(body);
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  if (response.statusCode === 200) assert.equal(response.headers['content-type'], asn1ContentType);
  return { status: response.statusCode ?? 0, body: Buffer.concat(await response.toArray()) };
}

test('a whole download, its notification and a cancelled one go over the ASN.1 binding', async () => {
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server, { through: speakingAsn1 });
  await downloadBy(phone, activationCode);
  await sendNotifications(phone.env);
  assert.equal(await stateOf(server, iccid), 'INSTALLED');

  const declined = await released(server, undefined, { confirmation_code: '1' });
  await assert.rejects(downloadBy(phone, declined.activationCode), { step: 'prepareDownload' });
  assert.equal(phone.said.at(-1)?.name, 'cancelSession');
  assert.equal(await stateOf(server, declined.iccid), 'RELEASED');
});

test('a refusal is the number that stands for its codes', async () => {
  await using phone = await newPhone(server, { through: speakingAsn1 });
  await assert.rejects(downloadBy(phone, `LPA:1$${server.smdpAddress}$NOBODY`), {
    step: 'authenticateClient',
    status: { subjectCode: 'asn1', reasonCode: '6' },
  });
});

test('what is no request is answered with 127, whatever it is', async () => {
  for (const body of ['', '00', 'a200', 'a203bf3900', '3000'])
    assert.equal(
      (await post(server.smdpAddress, Buffer.from(body, 'hex'))).body.toString('hex'),
      'a206bf390381017f',
    );
});
