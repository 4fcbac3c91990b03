import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { ConfigError, readConfig } from '@esim-rsp/server/process/config';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import { startServer } from '../../harness/server.ts';
import { installSchemas, readYaml, SCHEMA_MODULES, schemaPackage } from './schemas.ts';

const ROOT = join(import.meta.dirname, '../../..');
const FOLDER = join(ROOT, 'deploy/kubernetes');
const missing = installSchemas();

type Resource = { readonly apiVersion: string; readonly kind: string; readonly metadata: { name: string } };
const files = readdirSync(FOLDER).filter((name) => name !== 'kustomization.yaml');
const resources = missing
  ? []
  : files
      .flatMap((name) => readYaml(join(FOLDER, name)))
      .map((one) => one as Resource & Record<string, never>);
const find = (kind: string, name = 'esim-rsp') =>
  resources.find((one) => one.kind === kind && one.metadata.name === name) ?? assert.fail(`${kind} ${name}`);
/** Kinds that Kubernetes itself has. */
const builtIn = resources.filter(({ kind }) => kind !== 'ServiceMonitor');
const moduleOf = ({ apiVersion }: Resource) => `kubernetes-models/${apiVersion}`;

test('every manifest is valid for its schema, and has no member that Kubernetes does not know', {
  skip: missing,
}, () => {
  assert.ok(builtIn.length >= 8, `${builtIn.length}`);
  for (const resource of builtIn) {
    const { [resource.kind]: Model } = schemaPackage(join(SCHEMA_MODULES, moduleOf(resource), 'index.js'));
    new Model(resource).validate();
  }
  // The validators ignore unknown members; the types do not.
  const source = builtIn.map(
    (one, i) =>
      `import type { I${one.kind} as M${i} } from '${moduleOf(one)}';\nexport const m${i}: M${i} = ${JSON.stringify(one)};\n`,
  );
  assert.equal(compile(source.join('')), '');
  const wrong = source.join('').replace('"replicas":', '"replica":');
  assert.match(compile(wrong), /'"replica"' does not exist/, 'a wrong name is found');
});

function compile(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'esim-manifests-'));
  try {
    symlinkSync(SCHEMA_MODULES, join(folder, 'node_modules'));
    writeFileSync(join(folder, 'manifests.ts'), source);
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024'];
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const args = [compiler, '--ignoreConfig', '--types', '', ...options, join(folder, 'manifests.ts')];
    execFileSync(process.execPath, args, { cwd: folder, stdio: 'pipe' });
    return '';
  } catch (error) {
    return String((error as { stdout: Buffer }).stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the kustomization has every manifest, and one that is optional in a comment', { skip: missing }, () => {
  const [{ resources: listed }] = readYaml(join(FOLDER, 'kustomization.yaml')) as [{ resources: string[] }];
  assert.deepEqual(listed.toSorted(), files.filter((name) => name !== 'service-monitor.yaml').toSorted());
});

test('the server takes every setting of the ConfigMap, and refuses the placeholder', {
  skip: missing,
}, () => {
  const { data } = find('ConfigMap', 'esim-rsp-settings') as unknown as { data: Record<string, string> };
  const folder = mkdtempSync(join(tmpdir(), 'esim-secrets-'));
  try {
    writeFileSync(join(folder, 'database-url'), 'postgres://esim:secret@db/esim\n');
    writeFileSync(join(folder, 'metrics-token'), 'a-token-for-this-test\n');
    const env = Object.fromEntries(
      Object.entries(data).map(([key, value]) => [
        key,
        key.endsWith('_FILE') ? join(folder, basename(value)) : value,
      ]),
    );
    assert.throws(
      () => readConfig(env),
      (error: ConfigError) =>
        error instanceof ConfigError &&
        /^ESIM_SMDP_ADDRESS still has the placeholder/.test(error.problems.join()),
    );
    const { warnings, drainSeconds } = readConfig({ ...env, ESIM_SMDP_ADDRESS: 'rsp.example.com' });
    assert.deepEqual(warnings, []);
    const { spec } = podOf();
    const [container] = spec.containers;
    const [, wait] = container.lifecycle.preStop.exec.command;
    assert.ok(spec.terminationGracePeriodSeconds > Number(wait) + drainSeconds, 'time to stop');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

// biome-ignore lint/suspicious/noExplicitAny: the schema has checked its members
const podOf = () => (find('Deployment') as any).spec.template;

test('the pods satisfy the restricted security standard, and ports and selectors agree', {
  skip: missing,
}, () => {
  const { spec, metadata } = podOf();
  assert.equal(spec.securityContext.runAsNonRoot, true);
  assert.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault');
  for (const { securityContext, ports, volumeMounts } of spec.containers) {
    assert.equal(securityContext.allowPrivilegeEscalation, false);
    assert.equal(securityContext.readOnlyRootFilesystem, true);
    assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] });
    const names = ports.map(({ name }: { name: string }) => name);
    const services = resources.filter(({ kind }) => kind === 'Service');
    for (const { spec: service } of services as unknown as {
      spec: { selector: object; ports: { targetPort: string }[] };
    }[]) {
      assert.deepEqual(service.selector, metadata.labels);
      for (const { targetPort } of service.ports) assert.ok(names.includes(targetPort), targetPort);
    }
    for (const { name } of volumeMounts)
      assert.ok(
        spec.volumes.some((one: { name: string }) => one.name === name),
        name,
      );
  }
  for (const volume of spec.volumes)
    assert.ok(volume.emptyDir || volume.secret, 'restricted allows no volumes of the machine');
});

/** A folder as Kubernetes mounts a secret: links to files in a folder that an update replaces. */
function mountSecret(files: Readonly<Record<string, string>>, at: string): void {
  mkdirSync(join(at, '..2026_11_28'), { recursive: true });
  symlinkSync('..2026_11_28', join(at, '..data'));
  for (const [name, source] of Object.entries(files)) {
    copyFileSync(source, join(at, '..2026_11_28', name));
    symlinkSync(join('..data', name), join(at, name));
  }
}

test('a server uses a PKI and a token that Kubernetes has mounted as secrets, with a data folder that is empty', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-mounted-'));
  try {
    await using first = await startServer();
    const pki = readdirSync(first.pkiDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => [entry.name, join(entry.parentPath, entry.name)] as const);
    mountSecret(Object.fromEntries(pki), join(folder, 'pki'));
    writeFileSync(join(folder, 'token'), 'a-token-for-this-test\n');
    mountSecret({ token: join(folder, 'token') }, join(folder, 'secrets'));
    await using server = await startServer({
      ESIM_DATA_DIR: join(folder, 'data'),
      ESIM_PKI_DIR: join(folder, 'pki'),
      ESIM_METRICS_PORT: '0',
      ESIM_METRICS_TOKEN_FILE: join(folder, 'secrets/token'),
    });
    assert.equal((await fetch(`${server.restUrl}/readyz`)).status, 200);
    const { activationCode } = await released(server);
    await using phone = await newPhone(server);
    await downloadBy(phone, activationCode);
    assert.doesNotMatch(server.output() + server.log(), /a-token-for-this-test/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
