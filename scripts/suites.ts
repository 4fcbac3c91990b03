/** The table of all checks and test suites: what runs at which level. A new suite is one more row. */

/** Each level includes the ones before it: `npm run check`, `npm test`, `npm run test:all`. */
export const LEVELS = ['check', 'test', 'all'] as const;
export type Level = (typeof LEVELS)[number];

export type Suite = {
  readonly name: string;
  readonly level: Level;
  /** Expected seconds on a machine with two idle cores, next to another suite. Long suites start before short ones. */
  readonly seconds: number;
  /** Patterns of test files. A file belongs to the first row that matches it. */
  readonly tests?: readonly string[];
  /** All files share one process, so none may change what the others see. Otherwise each file has its own. */
  readonly oneProcess?: true;
  /** How many files run at the same time, each in its own process; one if absent. Their tests mostly wait. */
  readonly atATime?: number;
  /** Instead of test files: arguments of Node. Exit code 0 is a pass. */
  readonly command?: readonly string[];
  /** The name of a suite of a higher level that does all of this, and more: where that one runs, this one does not. */
  readonly partOf?: string;
};

const TYPES_CACHE = 'node_modules/.cache/esim-rsp/types.tsbuildinfo';

export const SUITES: readonly Suite[] = [
  {
    name: 'format and lint',
    level: 'check',
    seconds: 4,
    command: ['node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  },
  {
    name: 'types',
    level: 'check',
    seconds: 25,
    command: ['node_modules/typescript/bin/tsc', '--incremental', '--tsBuildInfoFile', TYPES_CACHE],
  },
  { name: 'import table', level: 'check', seconds: 1, command: ['scripts/import-table.ts'] },
  {
    name: 'PostgreSQL, newest version: the contract of the store',
    level: 'all',
    seconds: 70,
    tests: ['packages/server/src/store/contract/postgres-newest.test.ts'],
  },
  {
    name: 'PostgreSQL: the contract of the store, copies, and failures',
    level: 'all',
    seconds: 260,
    tests: [
      'packages/server/src/store/contract/postgres.test.ts',
      'packages/server/src/store/copy/*.test.ts',
      'packages/server/src/store/migrations/*-postgres.test.ts',
      'packages/server/src/store/postgres/**/*.test.ts',
      'packages/server/src/chain/*.test.ts',
    ],
  },
  {
    name: 'units: mail over SMTP',
    level: 'test',
    seconds: 10,
    tests: ['packages/server/src/delivery/mail/{channel,send}.test.ts'],
  },
  {
    name: 'units: every operation, and imports',
    level: 'test',
    seconds: 55,
    tests: [
      'packages/server/src/rest/frame/idempotency/answer-lost.test.ts',
      'packages/server/src/rest/frame/one-write.test.ts',
      'packages/server/src/rest/testing/openapi-agreement.test.ts',
      'packages/server/src/rest/testing/import/rest-import.test.ts',
      'packages/server/src/rest/testing/rest-audit.test.ts',
      'packages/server/src/rest/testing/rest-permissions.test.ts',
    ],
    oneProcess: true,
  },
  { name: 'growth of parsers', level: 'all', seconds: 40, tests: ['fuzz/size-doubling.test.ts'] },
  { name: 'how suites end', level: 'all', seconds: 20, tests: ['scripts/suite-run.test.ts'] },
  {
    name: 'units: start, pages and packages',
    level: 'test',
    seconds: 60,
    tests: [
      'packages/*/test/**/*.test.ts',
      'packages/cli/src/commands/serve.test.ts',
      'scripts/readme.test.ts',
    ],
  },
  {
    name: 'time that regular expressions take',
    level: 'all',
    seconds: 25,
    tests: ['scripts/regular-expressions/*.test.ts'],
  },
  {
    name: 'units: keys in tokens',
    level: 'all',
    seconds: 45,
    tests: [
      'packages/server/src/keys/token/{addon,faulty-token,token}.test.ts',
      'packages/server/src/process/secrets/token-master-key.test.ts',
    ],
  },
  {
    name: 'units: long ones of REST, the SDK and the server',
    level: 'test',
    seconds: 80,
    tests: [
      'packages/server/src/delivery/mail/{channel,send}.test.ts',
      'packages/server/src/jobs/rotate-transaction-secrets.test.ts',
      'packages/server/src/keys/renew-dp-tls.test.ts',
      'packages/server/src/limits/turns.test.ts',
      'packages/server/src/process/backup/backup.test.ts',
      'packages/server/src/process/folder/claim.test.ts',
      'packages/server/src/qr/png.test.ts',
      'packages/server/src/rest/frame/unread-answer.test.ts',
      'packages/server/src/rest/people/people.test.ts',
      'packages/server/src/rest/profiles/exportEUICCProfiles.test.ts',
      'packages/server/src/rest/testing/rest-{bad-input,qrcode,sessions}.test.ts',
      'packages/server/src/store/migrations/{every-schema,old-databases}.test.ts',
      'packages/server/src/store/sqlite/{query-plans,store}.test.ts',
      'packages/server/src/store/sqlite/connection/{checkpoints,contract-on-disk,durability}.test.ts',
      'packages/server/src/store/sqlite/inventory/inventory.test.ts',
      'packages/server/src/store/sqlite/logs/claims.test.ts',
      'packages/server/src/store/sqlite/secrets/plain-values.test.ts',
      'packages/sdk/src/http/request.test.ts',
    ],
    oneProcess: true,
  },
  {
    name: 'units: commands that need a server',
    level: 'test',
    seconds: 80,
    tests: [
      'packages/cli/src/commands/{pages,status}.test.ts',
      'packages/cli/src/commands/{account,audit,core,operation}/*.test.ts',
      'packages/cli/src/commands/{operator,phone,template,upstream,webhook}/*.test.ts',
      'packages/cli/src/commands/profile/*.test.ts',
    ],
  },
  {
    name: 'conformance (SGP.23), also of another server and as a client of ES2+',
    level: 'test',
    seconds: 65,
    tests: ['test/conformance/**/*.test.ts'],
  },
  { name: 'fuzz, first inputs', level: 'test', seconds: 30, tests: ['fuzz/fuzz.test.ts'] },
  {
    name: 'units: protocol and card',
    level: 'check',
    seconds: 15,
    tests: ['packages/{codec,sgp22,smdp,euicc}/src/**/*.test.ts'],
    oneProcess: true,
  },
  {
    name: 'units: REST API and SDK',
    level: 'check',
    seconds: 30,
    tests: ['packages/server/src/rest/**/*.test.ts', 'packages/sdk/src/**/*.test.ts'],
    oneProcess: true,
  },
  {
    name: 'units: server',
    level: 'check',
    seconds: 40,
    tests: ['packages/server/src/**/*.test.ts'],
    oneProcess: true,
  },
  {
    name: 'units: commands and other packages',
    level: 'check',
    seconds: 25,
    tests: ['packages/*/{src,test}/**/*.test.ts'],
  },
  {
    name: 'vectors, second decoder',
    level: 'check',
    seconds: 5,
    tests: ['test/{vectors,saip}/**/*.test.ts'],
  },
  {
    name: 'scripts',
    level: 'check',
    seconds: 6,
    tests: ['scripts/*.test.ts'],
  },

  { name: 'end to end: mail', level: 'test', seconds: 20, tests: ['test/e2e/mail/*.test.ts'] },
  {
    name: 'console in a browser, a sample',
    level: 'test',
    seconds: 35,
    tests: ['test/e2e/console/sample.test.ts'],
  },
  {
    name: 'console in a browser, every screen',
    level: 'all',
    seconds: 140,
    tests: ['test/e2e/console/screens.test.ts'],
  },
  {
    name: 'console in a browser, people, accounts and the install page',
    level: 'all',
    seconds: 185,
    tests: ['test/e2e/console/{accounts,brand,people}.test.ts'],
  },
  {
    name: 'console in a browser, profiles, operations and networks',
    level: 'all',
    seconds: 190,
    tests: ['test/e2e/console/{core-networks,operations,walk}.test.ts'],
  },
  { name: 'end to end: OpenID Connect', level: 'all', seconds: 15, tests: ['test/e2e/api/openid.test.ts'] },
  { name: 'end to end: API', level: 'test', seconds: 65, tests: ['test/e2e/api/*.test.ts'] },
  {
    name: 'end to end: download, faults and reuse',
    level: 'all',
    seconds: 80,
    atATime: 2,
    tests: ['test/e2e/download/{delete,faults,protection,reuse}.test.ts'],
  },
  { name: 'end to end: download', level: 'test', seconds: 70, tests: ['test/e2e/download/*.test.ts'] },
  {
    name: 'end to end: interoperability',
    level: 'test',
    seconds: 20,
    tests: ['test/e2e/interoperability/*.test.ts'],
  },
  { name: 'runbooks', level: 'all', seconds: 25, tests: ['test/e2e/operation/runbooks.test.ts'] },
  {
    name: 'deletion of old entries, killed',
    level: 'all',
    seconds: 35,
    tests: ['test/e2e/operation/{retention,retention-postgres}.test.ts'],
  },
  {
    name: 'end to end: operation on PostgreSQL, and copies',
    level: 'all',
    seconds: 30,
    tests: ['test/e2e/operation/{postgres,store-copy}.test.ts'],
  },
  {
    name: 'end to end: certificates, durability and workers',
    level: 'all',
    seconds: 75,
    tests: ['test/e2e/operation/{certificates,durability,workers}.test.ts'],
  },
  { name: 'end to end: operation', level: 'test', seconds: 55, tests: ['test/e2e/operation/*.test.ts'] },
  {
    name: 'end to end: several nodes',
    level: 'test',
    seconds: 30,
    tests: ['test/e2e/nodes/nodes.test.ts'],
  },
  {
    name: 'end to end: signing keys and the master key in a token',
    level: 'all',
    seconds: 55,
    atATime: 2,
    tests: ['test/e2e/hsm/*.test.ts'],
  },
  {
    name: 'end to end: events between nodes, the next release, and a network that loses everything',
    level: 'all',
    seconds: 25,
    tests: ['test/e2e/nodes/{next-release,notified,silent-network}.test.ts'],
  },
  { name: 'unit of systemd', level: 'test', seconds: 8, tests: ['test/e2e/deployment/systemd.test.ts'] },
  { name: 'a real Prometheus', level: 'all', seconds: 30, tests: ['test/e2e/metrics/prometheus.test.ts'] },
  {
    name: 'end to end: metrics of a life, and traces',
    level: 'all',
    seconds: 45,
    atATime: 2,
    tests: ['test/e2e/metrics/{life,traces}.test.ts'],
  },
  { name: 'end to end: metrics', level: 'test', seconds: 20, tests: ['test/e2e/metrics/*.test.ts'] },
  { name: 'end to end: core networks', level: 'all', seconds: 25, tests: ['test/e2e/core/*.test.ts'] },
  { name: 'end to end: the phone of a demo', level: 'test', seconds: 20, tests: ['test/e2e/lab/*.test.ts'] },
  { name: 'end to end: install page', level: 'all', seconds: 65, tests: ['test/e2e/install/*.test.ts'] },
  {
    name: 'documentation: samples in five languages',
    level: 'all',
    seconds: 25,
    tests: ['test/e2e/docs/samples.test.ts'],
  },
  {
    name: 'documentation: every command of the guides has a test',
    level: 'test',
    seconds: 5,
    tests: ['test/e2e/docs/commands.test.ts'],
  },
  {
    name: 'documentation: commands of the guides, run by a shell',
    level: 'all',
    seconds: 80,
    tests: ['test/e2e/docs/guides.test.ts'],
  },
  {
    name: 'end to end: gateway, faults, dialects, orders of types and ahead, and many orders',
    level: 'all',
    seconds: 90,
    atATime: 2,
    tests: ['test/e2e/gateway/{dialects,faults,keep-ready,many-orders,order-of-type}.test.ts'],
  },
  { name: 'end to end: gateway', level: 'test', seconds: 25, tests: ['test/e2e/gateway/*.test.ts'] },
  {
    name: 'documentation in a browser, a sample',
    level: 'test',
    seconds: 20,
    tests: ['test/e2e/docs/sample.test.ts'],
  },
  {
    name: 'documentation in a browser, every page',
    level: 'all',
    seconds: 110,
    tests: ['test/e2e/docs/pages.test.ts'],
  },
  { name: 'end to end: orders', level: 'test', seconds: 60, tests: ['test/e2e/orders/*.test.ts'] },
  {
    name: 'end to end: sealed secrets and anchors',
    level: 'all',
    seconds: 80,
    atATime: 2,
    tests: ['test/e2e/security/{anchors,plain-secrets,rotate,sealed,sealed-keys}.test.ts'],
  },
  { name: 'end to end: security', level: 'test', seconds: 80, tests: ['test/e2e/security/*.test.ts'] },
  {
    name: 'OpenAPI linters (npm ci in their folder, the first time)',
    level: 'all',
    seconds: 25,
    tests: ['test/generated-clients/lint.test.ts'],
  },
  {
    name: 'end to end: PostgreSQL, a sample',
    level: 'test',
    seconds: 40,
    command: [
      'test/postgres/run.ts',
      'test/e2e/download/download.test.ts',
      'test/e2e/orders/es2plus.test.ts',
      'test/e2e/api/events.test.ts',
    ],
  },
  {
    name: 'end to end: PostgreSQL, newest version',
    level: 'all',
    seconds: 180,
    command: [
      'test/postgres/run.ts',
      '--newest',
      'test/e2e/gateway/{dialects,orders}.test.ts',
      'test/e2e/api/{events,webhooks}.test.ts',
      'test/e2e/download/{life,reuse}.test.ts',
      'test/e2e/orders/{orders,progress}.test.ts',
    ],
  },
  {
    name: 'PostgreSQL: conformance (SGP.23), and imports',
    level: 'all',
    seconds: 130,
    command: [
      'test/postgres/run.ts',
      'test/conformance/sgp23/sgp23.test.ts',
      'packages/server/src/rest/testing/import/*.test.ts',
      'test/e2e/operation/day.test.ts',
    ],
  },
  {
    name: 'attacks, a sample',
    level: 'test',
    seconds: 20,
    command: ['test/attack/run.ts', '--sample'],
    partOf: 'attacks',
  },
  {
    name: 'faults, the quick ones',
    level: 'test',
    seconds: 40,
    command: ['test/faults/run.ts', '--quick'],
    partOf: 'faults, some minutes',
  },

  { name: 'faults, some minutes', level: 'all', seconds: 250, command: ['test/faults/run.ts', '--medium'] },
  { name: 'attacks', level: 'all', seconds: 290, command: ['test/attack/run.ts'] },
  { name: 'generated clients', level: 'all', seconds: 70, tests: ['test/generated-clients/clients.test.ts'] },
  {
    name: 'end to end: three nodes, 200 phones',
    level: 'all',
    seconds: 80,
    tests: ['test/e2e/nodes/many-phones.test.ts'],
  },
  {
    name: 'end to end: three nodes are replaced',
    level: 'all',
    seconds: 20,
    tests: ['test/e2e/nodes/rolling.test.ts'],
  },
  {
    name: 'end to end: the primary of PostgreSQL is replaced',
    level: 'all',
    seconds: 40,
    tests: ['test/e2e/nodes/failover.test.ts'],
  },
  { name: 'end to end: proxies', level: 'all', seconds: 10, tests: ['test/e2e/proxies/*.test.ts'] },
  { name: 'deployment: tarball', level: 'all', seconds: 65, tests: ['test/e2e/deployment/tarball.test.ts'] },
  {
    name: 'deployment: container image, step by step',
    level: 'all',
    seconds: 150,
    tests: ['test/e2e/deployment/image.test.ts'],
  },
  {
    name: 'deployment: Debian package',
    level: 'all',
    seconds: 135,
    tests: ['test/e2e/deployment/debian.test.ts'],
  },
  {
    name: 'deployment: files for Compose and Kubernetes',
    level: 'all',
    seconds: 30,
    tests: ['test/e2e/deployment/*.test.ts'],
  },
  { name: 'published packages', level: 'all', seconds: 60, tests: ['test/e2e/packages/*.test.ts'] },
  { name: 'benchmarks, one short turn', level: 'all', seconds: 90, command: ['bench/run.ts', '--quick'] },
  { name: 'fuzz, one minute', level: 'all', seconds: 60, command: ['fuzz/run.ts', '--seconds', '60'] },
];

/** The suites of a level and of the levels below it, but for those that others of them contain. */
export function suitesOf(level: Level): readonly Suite[] {
  const included = LEVELS.slice(0, LEVELS.indexOf(level) + 1);
  const suites = SUITES.filter((suite) => included.includes(suite.level));
  return suites.filter(({ partOf }) => !suites.some(({ name }) => name === partOf));
}
