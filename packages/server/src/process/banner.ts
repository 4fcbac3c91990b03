import { resolve } from 'node:path';
import type { FirstKey } from './first-account.ts';
import { settings } from './settings.ts';
import type { RunningServer } from './start.ts';
import { version } from './version.ts';

/** The text that the start prints: URLs, credentials, and commands to try next. */
export function banner(server: RunningServer): string {
  const { restUrl, es9Url, es2Url, installUrl, metricsUrl, smdpAddress, dataDir } = server;
  const lines = [
    `esim-rsp ${version} is running. Ctrl-C stops it.`,
    '',
    `  REST API    ${restUrl}/api/v1/esim   (described at ${restUrl}/openapi.json)`,
    `  ES9+        ${es9Url}   (SM-DP+ address ${smdpAddress})`,
    ...(es2Url === undefined
      ? []
      : [`  ES2+        ${es2Url}   (for operators: ${esim(dataDir)} operator --help)`]),
    ...consoleLines(server),
    ...(installUrl === undefined ? [] : [`  Install     ${installUrl}/i/…   (pages for customers)`]),
    ...(metricsUrl === undefined ? [] : [`  Metrics     ${metricsUrl}   (for Prometheus)`]),
    ...(server.mail === undefined ? [] : [`  Mail        ${server.mail}`]),
    `  Data        ${dataDir}`,
    `  Store       ${server.store}`,
    `  PKI         ${server.pkiDir}`,
    ...riskLines(server.risks),
    ...accountLines(server),
    ...downloadLines(server),
    ...nextLines(server),
  ];
  return `\n${lines.join('\n')}\n\n`;
}

function consoleLines({ restUrl, hasConsole, consoleLink, dataDir }: RunningServer): string[] {
  if (!hasConsole) return [];
  if (consoleLink === undefined)
    return [`  Console     ${restUrl}/console   (a link that signs you in: ${esim(dataDir)} console link)`];
  return [
    `  Console     ${consoleLink}`,
    `              (signs you in, once, in the next 10 minutes; another link: ${esim(dataDir)} console link)`,
  ];
}

function riskLines(risks: readonly string[]): string[] {
  if (risks.length === 0) return [];
  return ['', '  For tests only:', ...risks.map((risk) => `  - ${risk}`)];
}

function accountLines({ account, dataDir }: RunningServer): string[] {
  if (account === undefined)
    return [
      '',
      '  There is no account yet. Create one, and a key for it, in another terminal:',
      '',
      `  ${esim(dataDir)} account create Operator --user-id operator`,
      `  ${esim(dataDir)} key create operator`,
    ];
  return ['', `  x-user-id   ${account.userId}`, `  x-api-key   ${keyText(account.key)}`];
}

/** A key is shown once, to a terminal, and never if the settings have it. */
function keyText(key: FirstKey): string {
  switch (key.kind) {
    case 'provided':
      return 'as set in ESIM_BOOTSTRAP_API_KEY';
    case 'saved':
      return `in ${key.file}`;
    case 'generated':
      return `${key.apiKey}   (shown only once${key.file === undefined ? '' : `; npx esim finds it in ${key.file}`})`;
    case 'existing':
      return "as shown on the first start; 'esim key create' creates another one";
  }
}

function downloadLines({ demo }: RunningServer): string[] {
  const { plain, withConfirmationCode: coded } = demo ?? {};
  return [
    ...(plain ? ['', '  A profile that is ready for download:', `  ${plain.activationCode}`] : []),
    ...(coded
      ? [
          '',
          `  Another one, with the confirmation code ${coded.confirmationCode}:`,
          `  ${coded.activationCode}`,
        ]
      : []),
  ];
}

/** The command `esim` for another terminal, which may not have the variables of this one. */
function esim(dataDir: string): string {
  if (dataDir === resolve(settings.ESIM_DATA_DIR.byDefault ?? '')) return 'npx esim';
  const quoted = /^[\w./:-]+$/.test(dataDir) ? dataDir : `'${dataDir.replaceAll("'", "'\\''")}'`;
  return `ESIM_DATA_DIR=${quoted} npx esim`;
}

function nextLines({ account, demo, restUrl, dataDir }: RunningServer): string[] {
  const { plain, withConfirmationCode: coded, first } = demo ?? {};
  if (account === undefined || first === undefined) return [];
  const download = plain
    ? [`${esim(dataDir)} phone download '${plain.activationCode}'`]
    : coded
      ? [
          `${esim(dataDir)} phone download '${coded.activationCode}' --confirmation-code ${coded.confirmationCode}`,
        ]
      : [`${esim(dataDir)} phone list`];
  const show =
    account.key.kind !== 'generated'
      ? `${esim(dataDir)} profile show ${first}`
      : `curl -H 'x-user-id: ${account.userId}' -H 'x-api-key: ${account.key.apiKey}' ${restUrl}/api/v1/esim/euicc-profiles/${first}`;
  const commands = [`${esim(dataDir)} profile list`, ...download, show];
  return ['', '  Try, in another terminal:', '', ...commands.map((command) => `  ${command}`)];
}
