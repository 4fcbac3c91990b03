/** Which test runs which command lines of the guides, and which lines none runs, and why. A new line that is not here fails. */

export type Runner = {
  /** A test that reads the commands from the guide: it runs each line that is not below. */
  readonly all?: string;
  /** Lines that begin like this are run by a test, which has this text. */
  readonly some?: readonly {
    readonly lines: readonly string[];
    readonly test: string;
    readonly has: string;
  }[];
  /** Lines that begin like this are not run. */
  readonly none?: readonly { readonly lines: readonly string[]; readonly why: string }[];
};

const GUIDES = 'test/e2e/docs/guides.test.ts';
const RUNBOOKS = 'test/e2e/operation/runbooks.test.ts';
const CEREMONY = 'test/e2e/hsm/ceremony.ts';
const TLS_PROXY = 'test/e2e/hsm/tls-proxy.test.ts';
const MASTER_KEY = 'test/e2e/hsm/master-key.test.ts';
const PROXIES = 'test/e2e/proxies/proxies.test.ts';
const TARBALL = 'test/e2e/deployment/tarball.test.ts';
const DEBIAN = 'test/e2e/deployment/debian.test.ts';

const installs = 'installs packages of the system, as root';
const systemd = 'needs a machine that systemd has started';
const containers = 'needs a container engine; test/e2e/deployment/image.test.ts runs the image without one';
const compose =
  'prepares files for containers, as root; test/e2e/deployment/compose.test.ts checks compose.yaml';
const cluster =
  'needs a cluster; test/e2e/deployment/kubernetes.test.ts checks the files and runs what they start';
const npmStart =
  'builds the console first, and listens on the ports of the guide: the test starts the server with these settings';

export const runners: Readonly<Record<string, Runner>> = {
  'backup.md': { all: GUIDES },
  'console.md': { all: 'test/e2e/api/console.test.ts' },
  'customers.md': { all: 'test/e2e/orders/customers.test.ts' },
  'deployment.md': {
    some: [
      { lines: ['sha256sum --check'], test: TARBALL, has: "run('sha256sum', ['--check'" },
      { lines: ['tar -xzf'], test: TARBALL, has: "execFileSync('tar', ['-xzf'" },
      { lines: ['esim-rsp-0.1.0-linux-x64/esim serve'], test: TARBALL, has: 'serve --demo' },
      { lines: ['apt-get install ./esim-rsp'], test: DEBIAN, has: 'install --yes /first.deb' },
      { lines: ['esim account create Operator'], test: GUIDES, has: 'esim account create Operator' },
    ],
    none: [
      {
        lines: ['npm run package'],
        why: 'the tests of the packages build them by the functions that it calls',
      },
      { lines: ['editor '], why: 'a person edits a file' },
      { lines: ['systemctl restart'], why: systemd },
      { lines: ['docker build', 'docker run', 'docker exec', 'docker compose'], why: containers },
      {
        lines: [
          ...[
            'cd deploy/compose',
            'mkdir -m 0700 secrets',
            'openssl rand',
            'echo "postgres:',
            'cat rest.crt',
          ],
          ...['cp -r /path', 'chown ', 'chmod '],
        ],
        why: compose,
      },
      {
        lines: ['cd deploy/kubernetes', 'grep -rn REPLACE-ME', "echo 'postgres:", 'cp /path/', 'kubectl '],
        why: cluster,
      },
    ],
  },
  'es2plus.md': { all: GUIDES },
  'first-steps.md': {
    all: 'test/e2e/operation/tour.test.ts',
    none: [{ lines: ['npm ci && npm start'], why: 'needs the registry of npm' }],
  },
  'gateway.md': { all: 'packages/cli/src/commands/upstream/upstream.test.ts' },
  'hsm.md': {
    some: [
      {
        lines: ['sudo softhsm2-util'],
        test: 'packages/server/src/keys/token/softhsm.harness.ts',
        has: '--init-token',
      },
      {
        lines: ['npx esim pki tokens'],
        test: 'test/e2e/hsm/hsm.test.ts',
        has: "'pki', 'tokens', '--module'",
      },
      { lines: ['npx esim pki check'], test: 'test/e2e/hsm/hsm.test.ts', has: "'pki', 'check'" },
      { lines: ['npx esim serve'], test: 'test/e2e/hsm/hsm.test.ts', has: 'startServer' },
      { lines: ['npx esim pki create-key dp-auth'], test: CEREMONY, has: "'pki', 'create-key', role" },
      { lines: ['npx esim pki request dp-auth'], test: CEREMONY, has: "'pki', 'request', role" },
      { lines: ['npx esim pki import'], test: CEREMONY, has: "'pki', 'import'" },
      { lines: ['npx esim pki init --dir'], test: CEREMONY, has: "'pki', 'init'" },
      { lines: ['npx esim pki sign'], test: CEREMONY, has: "'pki', 'sign'" },
      { lines: ['npx esim pki create-key dp-tls'], test: TLS_PROXY, has: "'create-key', 'dp-tls'" },
      { lines: ['npx esim pki request dp-tls'], test: TLS_PROXY, has: "'request', 'dp-tls'" },
      { lines: ['ESIM_ES9_TLS=0 '], test: TLS_PROXY, has: "ESIM_ES9_TLS: '0'" },
    ],
    none: [
      { lines: ['sudo apt-get install', 'apt-get install'], why: installs },
      { lines: ['npm rebuild pkcs11js'], why: 'needs a compiler, and the headers of Node from the network' },
    ],
  },
  'install-page.md': { all: 'test/e2e/install/guide.test.ts' },
  'inventory.md': { all: GUIDES },
  'keys.md': { all: GUIDES },
  'mail.md': { all: 'test/e2e/mail/mail.test.ts' },
  'move-to-postgresql.md': { all: GUIDES },
  'operations.md': {
    some: [
      {
        lines: ['ESIM_METRICS_PORT=', 'npx esim session list', 'grep -h'],
        test: GUIDES,
        has: "['ESIM_METRICS_PORT=', 'npx esim session list', 'grep -h']",
      },
      {
        lines: ['NODE_OPTIONS='],
        test: 'test/e2e/metrics/traces.test.ts',
        has: 'NODE_OPTIONS: `--import',
      },
    ],
    none: [
      { lines: ['tar -xzf', 'cp /opt/', 'systemctl '], why: systemd },
      { lines: ['npm install --no-save @opentelemetry'], why: 'needs the registry of npm' },
    ],
  },
  'pki.md': {
    all: GUIDES,
    none: [{ lines: ['ESIM_PKI_DIR=path/to/sgp26 ESIM_SMDP_ADDRESS='], why: npmStart }],
  },
  'postgresql.md': { all: GUIDES },
  'privacy.md': { all: 'test/e2e/orders/privacy.test.ts' },
  'private-network.md': {
    all: 'test/e2e/core/guide.test.ts',
    some: [{ lines: ['osmo-hlr '], test: 'test/e2e/core/hlr.ts', has: '/usr/bin/osmo-hlr' }],
  },
  'proxies.md': {
    some: [
      { lines: ['cp docs/guide/proxies/Caddyfile'], test: PROXIES, has: "guideFile('Caddyfile'" },
      {
        lines: ['cp docs/guide/proxies/nginx-pass-through.conf'],
        test: PROXIES,
        has: "guideFile('nginx-pass-through.conf'",
      },
    ],
    none: [
      { lines: ['apt-get install'], why: installs },
      {
        lines: ["echo 'include"],
        why: 'changes a file of the system: the test gives its own nginx the file',
      },
      { lines: ['systemctl reload'], why: systemd },
      { lines: ['ESIM_TRUST_PROXY=127.0.0.1 npm', 'ESIM_ES9_PORT=18443 '], why: npmStart },
    ],
  },
  'runbooks.md': {
    some: [
      {
        lines: [
          ...['npx esim status', 'npx esim operator list', 'openssl s_client', 'curl -s', 'df -h', 'ls -l'],
          ...['mv /var', 'install -D', 'ESIM_DATA_DIR=/var', 'psql '],
        ],
        test: GUIDES,
        has: "linesFrom('runbooks.md'",
      },
      { lines: ['npx esim pki show'], test: RUNBOOKS, has: "ok('pki', 'show')" },
      { lines: ['npx esim session list'], test: RUNBOOKS, has: "ok('session', 'list')" },
      { lines: ['npx esim session show'], test: RUNBOOKS, has: "ok('session', 'show', id)" },
      { lines: ['npx esim webhook list'], test: RUNBOOKS, has: "ok('webhook', 'list')" },
      { lines: ['npx esim webhook deliveries'], test: RUNBOOKS, has: "ok('webhook', 'deliveries', id)" },
      { lines: ['npx esim webhook update'], test: RUNBOOKS, has: "ok('webhook', 'update', id" },
      { lines: ['npx esim webhook replay'], test: RUNBOOKS, has: "ok('webhook', 'replay', id" },
      {
        lines: ['npx esim operator deliveries'],
        test: 'test/e2e/orders/progress.test.ts',
        has: "esim('operator', 'deliveries', 'shop')",
      },
      { lines: ['npx esim key list'], test: RUNBOOKS, has: "ok('key', 'list')" },
      { lines: ['npx esim key rotate'], test: RUNBOOKS, has: "ok('key', 'rotate', id, '--overlap', '0s')" },
      { lines: ['npx esim audit --key'], test: RUNBOOKS, has: "ok('audit', '--key', id)" },
    ],
  },
  'secrets.md': {
    all: GUIDES,
    some: [
      { lines: ['npx esim secrets create-key'], test: MASTER_KEY, has: "'secrets', 'create-key'" },
      { lines: ['npx esim secrets rotate --new-key-uri'], test: MASTER_KEY, has: '--new-key-uri' },
      {
        lines: ['npx esim secrets rotate --reseal'],
        test: 'test/e2e/security/rotate.test.ts',
        has: "'secrets', 'rotate', '--reseal'",
      },
      {
        lines: ['npx esim secrets plain --seal'],
        test: 'test/e2e/security/plain-secrets.test.ts',
        has: "'secrets', 'plain', '--seal'",
      },
    ],
  },
  'webhooks.md': { all: GUIDES },
  'workers.md': { all: GUIDES },
};
