import { MOST_LOGO_BYTES } from '../../packages/server/src/install/brand/logo.ts';
import { settings } from '../../packages/server/src/process/settings.ts';
import { MOST_KEYS } from '../../packages/server/src/rest/account/createApiKey.ts';
import { BODY_LIMIT } from '../../packages/server/src/rest/app.ts';
import { MOST_CORE_NETWORKS } from '../../packages/server/src/rest/core-networks/createCoreNetwork.ts';
import { MOST_PER_ACCOUNT as MOST_STREAMS } from '../../packages/server/src/rest/events/event-stream.ts';
import type { ProblemCode } from '../../packages/server/src/rest/frame/problem-code.ts';
import { MOST_DAYS } from '../../packages/server/src/rest/install/createInstallLink.ts';
import { MOST_MAIL_TEMPLATES } from '../../packages/server/src/rest/mail/putMailTemplate.ts';
import { MOST_RECIPIENTS } from '../../packages/server/src/rest/mail/recipients.ts';
import { operations } from '../../packages/server/src/rest/operations.ts';
import { MOST_TEMPLATES } from '../../packages/server/src/rest/stock/createProfileTemplate.ts';
import { MOST_FIELDS } from '../../packages/server/src/rest/stock/import/csv-fields.ts';
import { MOST_FAILED } from '../../packages/server/src/rest/stock/import/import-profiles.ts';
import { MAX_ROW, MOST_ROWS } from '../../packages/server/src/rest/stock/import/row.ts';
import { MOST_UNPACKED } from '../../packages/server/src/rest/stock/import/unpacked.ts';
import { MOST_PER_ACCOUNT as MOST_IMPORTS } from '../../packages/server/src/rest/stock/importEUICCProfiles.ts';
import { MOST_LIMITS } from '../../packages/server/src/rest/stock/updateProfileType.ts';
import { MOST_UPSTREAMS } from '../../packages/server/src/rest/upstreams/createUpstream.ts';
import { MOST_TYPES } from '../../packages/server/src/rest/upstreams/upstream-types.ts';
import { MOST_WEBHOOKS } from '../../packages/server/src/rest/webhooks/createWebhook.ts';
import { Count } from '../../packages/server/src/shapes/shape.ts';
import { MOST_EXAMINED } from '../../packages/server/src/store/ports/log-page.ts';
import { MOST_PASSKEYS } from '../../packages/server/src/store/ports/people/passkeys.ts';
import { MOST_PEOPLE } from '../../packages/server/src/store/ports/people/people.ts';
import { MAX_PACKAGE } from '../../packages/sgp22/src/profile/read.ts';

type Row = readonly [what: string, most: string, code?: ProblemCode];

const count = (value: number) => value.toLocaleString('en-GB');
const bytes = (value: number) =>
  value % 1024 === 0 ? `${count(value / 1024)} KiB` : `${count(value)} bytes`;

const ofAccount: readonly Row[] = [
  ['valid API keys', count(MOST_KEYS), 'too_many_keys'],
  ['people', count(MOST_PEOPLE), 'too_many_people'],
  ['passkeys of a person', count(MOST_PASSKEYS), 'too_many_passkeys'],
  ['webhooks', count(MOST_WEBHOOKS), 'too_many_webhooks'],
  ['templates of profiles', count(MOST_TEMPLATES), 'too_many_templates'],
  ['types with a stock limit', count(MOST_LIMITS), 'too_many_limits'],
  ['recipients of alerts', count(MOST_RECIPIENTS), 'too_many_recipients'],
  ['texts of mails', count(MOST_MAIL_TEMPLATES), 'too_many_mail_templates'],
  ['core networks', count(MOST_CORE_NETWORKS), 'too_many_core_networks'],
  ['upstreams', count(MOST_UPSTREAMS), 'too_many_upstreams'],
  ['types that come from upstreams', count(MOST_TYPES), 'too_many_upstream_types'],
  ['event streams at the same time, of a process', count(MOST_STREAMS), 'too_many_streams'],
  ['imports at the same time, of a process', count(MOST_IMPORTS), 'too_many_imports'],
];

const ofRequests: readonly Row[] = [
  ['a body of JSON', bytes(BODY_LIMIT), 'payload_too_large'],
  ...operations.flatMap(({ operationId, bodyLimit, bodyTypes }): Row[] =>
    bodyLimit === undefined || bodyTypes !== undefined
      ? []
      : [[`the body of \`${operationId}\``, bytes(bodyLimit), 'payload_too_large']],
  ),
  ['items of a page of a list', count(Count.maximum ?? 0), 'validation_failed'],
  ['rows of a log that one search looks at', count(MOST_EXAMINED)],
  ['days until an install link expires', count(MOST_DAYS), 'invalid_value'],
  ['the logo of an account', bytes(MOST_LOGO_BYTES), 'invalid_value'],
];

const ofImports: readonly Row[] = [
  ['rows', count(MOST_ROWS), 'invalid_import'],
  ['bytes of a row', count(MAX_ROW), 'invalid_row'],
  ['columns of a CSV file', count(MOST_FIELDS), 'invalid_import'],
  ['bytes of a profile package', count(MAX_PACKAGE), 'invalid_row'],
  ['bytes of a file, once unpacked', count(MOST_UNPACKED), 'invalid_import'],
  ['failed rows that the reports list', count(MOST_FAILED)],
];

/** Settings that are limits, in the order of .env.example. */
const isLimit = (name: string) =>
  /^ESIM_(?:RATE_|MAX_|CODE_ATTEMPTS|DOWNLOAD_ATTEMPTS|CONFIRMATION_CODE_ATTEMPTS|MAIL_PER_|HELP_)/.test(
    name,
  );

/** docs/guide/limits.md, from the constants in the code. */
export function limitsGuide(): string {
  const ofServer = Object.entries(settings).filter(([name]) => isLimit(name));
  return `# Limits

How much of everything there can be. \`npm run generate\` writes this page from the constants in the code.

## Of an account

More of them is refused with the code.

${table(ofAccount)}
The number of profiles has no limit ([capacity](capacity.md)).

## Of a request

${table(ofRequests)}
## Of an import

${table(ofImports)}
## That the server sets

The operator of the server sets these with environment variables. What exceeds a rate is refused with [\`rate_limited\`](errors.md#rate_limited) and \`Retry-After\`.

| setting | default | meaning |
|---|---|---|
${ofServer.map(([name, { about, byDefault }]) => `| \`${name}\` | ${byDefault ?? ''} | ${about.replaceAll('|', '\\|')} |\n`).join('')}`;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ([what, most, code]) =>
      `| ${what} | ${most} | ${code === undefined ? '' : `[\`${code}\`](errors.md#${code})`} |\n`,
  );
  return `| what | at most | more is refused with |\n|---|---|---|\n${lines.join('')}`;
}
