import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { runEsim } from '../../harness/esim.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import { rawEs9 } from '../../harness/raw-es9.ts';
import { startReceiver, until } from '../../harness/receiver.ts';
import { account, startServer } from '../../harness/server.ts';

/** Traces of a real OpenTelemetry SDK, from the calls of a virtual phone to the webhook. */

type TracedSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parent?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly links: readonly string[];
  readonly pid: number;
};

/** Of SpanKind. */
const [SERVER, CLIENT] = [1, 2];
const [UNSET, ERROR] = [0, 2];

const folder = mkdtempSync(join(tmpdir(), 'esim-traces-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;

/** Settings of a server with an SDK, and the spans that have ended so far. */
function traced() {
  const file = join(folder, `${++files}.ndjson`);
  const sdk = new URL('sdk-of-traces.ts', import.meta.url).href;
  const spans = () =>
    (existsSync(file) ? readFileSync(file, 'utf8') : '')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as TracedSpan);
  return {
    settings: { NODE_OPTIONS: `--import ${sdk}`, TRACE_FILE: file, ESIM_WEBHOOK_ALLOW_PRIVATE: '1' },
    spans,
    named: (name: string) => spans().find((span) => span.name === name) ?? assert.fail(`no span ${name}`),
    count: (name: string) => spans().filter((span) => span.name === name).length,
  };
}

for (const workers of [1, 2])
  test(`a trace leads from the call of a phone to the webhook: ${workers} process(es)`, async () => {
    const { settings, spans, named, count } = traced();
    await using receiver = await startReceiver();
    await using server = await startServer({
      ...settings,
      ESIM_WORKERS: String(workers),
      ESIM_LOG_LEVEL: 'info',
    });
    await server.api.createWebhook({ url: receiver.url, events: ['profile.downloaded'] });
    const { iccid, activationCode } = await released(server);
    await using phone = await newPhone(server);
    await downloadBy(phone, activationCode);
    const [received] = await receiver.count(1);
    await until(() => count('deliver webhook profile.downloaded') === 1);

    const call = named('ES9+ getBoundProfilePackage');
    const decision = named('es9.getBoundProfilePackage');
    const [save] = spans().filter(({ name, parent }) => name === 'store.save' && parent === decision.spanId);
    const delivery = named('deliver webhook profile.downloaded');
    assert.deepEqual([call.kind, call.parent, call.status], [SERVER, undefined, UNSET]);
    assert.equal(decision.parent, call.spanId);
    assert.deepEqual([delivery.kind, delivery.parent], [CLIENT, save?.spanId]);
    for (const { traceId } of [decision, save ?? assert.fail(), delivery])
      assert.equal(traceId, call.traceId);
    assert.equal(received?.headers.traceparent, `00-${delivery.traceId}-${delivery.spanId}-01`);
    assert.equal(delivery.attributes['esim.status'], 204);

    const { data } = await server.api.listDownloadAttempts({ iccid });
    const transactionId = data.attempts[0]?.transaction_id ?? assert.fail();
    for (const span of [call, delivery]) assert.equal(span.attributes['esim.transaction_id'], transactionId);
    const line = () =>
      server
        .log()
        .split('\n')
        .slice(0, -1)
        .find((one) => one.includes('"getBoundProfilePackage"'));
    await until(() => line() !== undefined);
    assert.equal(JSON.parse(line() ?? '').trace_id, call.traceId, 'the log names the trace');
    mustNotShow(spans(), [iccid, phone.phone.card().eid, activationCode.split('$')[2] ?? '', receiver.url]);
  });

/** No value of any attribute has one of these texts. */
function mustNotShow(spans: readonly TracedSpan[], secrets: readonly string[]): void {
  const text = JSON.stringify(spans);
  for (const secret of secrets) assert.ok(secret.length > 10 && !text.includes(secret), secret);
}

test('a delivery of one worker continues the trace of a call that another has answered', async () => {
  const { settings, spans, count } = traced();
  await using receiver = await startReceiver();
  await using server = await startServer({ ...settings, ESIM_WORKERS: '2' });
  await server.api.createWebhook({ url: receiver.url, events: ['profile.downloaded'] });
  const answeredBy = new Set<number>();
  let downloads = 0;
  while (answeredBy.size < 2) {
    const { activationCode } = await released(server);
    await using phone = await newPhone(server); // its connection goes to the next worker
    await downloadBy(phone, activationCode);
    downloads++;
    await until(() => count('ES9+ getBoundProfilePackage') === downloads);
    for (const span of spans()) if (span.name === 'ES9+ getBoundProfilePackage') answeredBy.add(span.pid);
  }
  await until(() => count('deliver webhook profile.downloaded') === downloads);
  const deliveries = spans().filter(({ name }) => name === 'deliver webhook profile.downloaded');
  assert.equal(new Set(deliveries.map(({ pid }) => pid)).size, 1);
  const pairs = spans()
    .filter(({ name }) => name === 'ES9+ getBoundProfilePackage')
    .map((call) => [call.pid, deliveries.find(({ traceId }) => traceId === call.traceId)?.pid]);
  assert.ok(
    pairs.every(([, delivered]) => delivered !== undefined),
    JSON.stringify(pairs),
  );
  assert.ok(
    pairs.some(([called, delivered]) => called !== delivered),
    JSON.stringify(pairs),
  );
});

test('a caller of REST continues its trace, and every attempt to deliver is part of it', async () => {
  const { settings, spans, named, count } = traced();
  await using receiver = await startReceiver();
  receiver.answer = (response) => void response.writeHead(receiver.received.length === 1 ? 500 : 204).end();
  await using server = await startServer({ ...settings, ESIM_LOG_IDENTIFIERS: '1' });
  await server.api.createWebhook({ url: receiver.url, events: ['profile.cancelled'] });
  const { iccid } = await released(server);
  const answer = await fetch(`${server.restUrl}/api/v1/esim/euicc-profiles/${iccid}/cancel`, {
    method: 'POST',
    headers: {
      'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
      'x-api-key': account.ESIM_BOOTSTRAP_API_KEY,
      'content-type': 'application/json',
      traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
    },
    body: '{}',
  });
  assert.equal(answer.status, 200, await answer.text());
  const cancel = named('REST cancelEUICCProfile');
  assert.deepEqual([cancel.traceId, cancel.parent], [TRACE, '00f067aa0ba902b7']);
  assert.deepEqual([cancel.attributes['esim.iccid'], cancel.attributes['esim.status']], [iccid, 200]);
  await until(() => count('deliver webhook profile.cancelled') === 2);
  const attempts = spans().filter(({ name }) => name === 'deliver webhook profile.cancelled');
  assert.deepEqual(
    attempts.map(({ traceId, status, attributes }) => [traceId, status, attributes['esim.attempt']]),
    [
      [TRACE, ERROR, 1],
      [TRACE, UNSET, 2],
    ],
  );
});

test('ES2+.HandleDownloadProgressInfo has the trace of the call of the phone', async () => {
  const { settings, named, count } = traced();
  const maker = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  const { ci, dpTls } = makeTestPki({ ...maker, curve: 'P-256', hosts: ['localhost'] });
  const tls = { cert: certificatePem(dpTls.certificate), key: dpTls.key.exportPem() };
  await using receiver = await startReceiver(tls);
  await using server = await startServer(settings);
  const { dataDir } = server;
  writeFileSync(join(dataDir, 'ca.pem'), certificatePem(ci.certificate));
  const esim = async (...args: string[]) => {
    const { code, err } = await runEsim(
      { cwd: dataDir, env: { ESIM_DATA_DIR: dataDir } },
      'operator',
      ...args,
    );
    assert.equal(code, 0, err);
  };
  await esim('make-cert', 'shop');
  const progress = ['--progress-url', new URL(receiver.url).origin, '--progress-ca', 'ca.pem'];
  await esim('create', '--name', 'shop', '--cert', 'shop.pem', ...progress);
  const { activationCode } = await released(server);
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  await until(() => count('deliver es2 profile.downloaded') === 1);
  const { traceId, spanId } = named('deliver es2 profile.downloaded');
  assert.equal(traceId, named('ES9+ getBoundProfilePackage').traceId);
  assert.ok(receiver.received.some(({ headers }) => headers.traceparent === `00-${traceId}-${spanId}-01`));
});

test('anybody can call ES9+, so a traceparent there is a link only, and a refusal is not an error', async () => {
  const { settings, named, count } = traced();
  await using server = await startServer(settings);
  using es9 = rawEs9(server);
  const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;
  await es9.call('/gsma/rsp2/es9plus/handleNotification', '{}', { headers: { traceparent } });
  await until(() => count('ES9+ handleNotification') === 1);
  const { traceId, links, status, attributes } = named('ES9+ handleNotification');
  assert.notEqual(traceId, TRACE);
  assert.deepEqual([links, status, attributes['esim.subject_code']], [[TRACE], UNSET, '1.6']);
});

/** The trace of a caller. */
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
